using System.Text;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Reads files and what they include, within the limits of one document.</summary>
internal sealed class HoconIncluder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _open = [];
    private int _included;

    /// <summary>Reads a file as a document's root.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="HoconException">The file cannot be read or is not valid.</exception>
    public HoconObjectNode ParseFile(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
        {
            throw new HoconException(HoconOrigin.Whole("configuration"), "the file has no usable name");
        }

        var fullPath = Path.GetFullPath(path);
        var text = Read(fullPath, path, HoconOrigin.Whole(path))
            ?? throw new HoconException(HoconOrigin.Whole(path), "the file does not exist");
        return Parse(text, path, fullPath, [], 0);
    }

    /// <summary>Reads the file that an include statement names.</summary>
    /// <param name="name">The name in the statement.</param>
    /// <param name="directory">The directory of the including file; null when the including text is not a file.</param>
    /// <param name="includedAt">The path of the object that the statement stands in; empty at the root.</param>
    /// <param name="depth">How deep that object is.</param>
    /// <param name="required">Whether a missing file is an error.</param>
    /// <param name="origin">Where the statement stands.</param>
    /// <returns>The file's root; null when there is no such file.</returns>
    /// <exception cref="HoconException">The file cannot be read or is not valid, or the includes go round in a circle or too far.</exception>
    public HoconObjectNode? Include(string name, string? directory, string[] includedAt, int depth, bool required, HoconOrigin origin)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            throw new HoconException(origin, "the included file has no usable name");
        }

        if (name.Contains("://", StringComparison.Ordinal))
        {
            throw new HoconException(origin, "only files can be included, not addresses");
        }

        if (directory is null && !Path.IsPathRooted(name))
        {
            throw new HoconException(origin, "a text that is not a file can include absolute paths only");
        }

        var fullPath = Path.GetFullPath(directory is null ? name : Path.Combine(directory, name));
        var result = IncludeFile(fullPath, name, includedAt, depth, origin);
        if (result is null && Path.GetExtension(name).Length == 0)
        {
            // Without an extension both are meant, and the more expressive format has the last word.
            result = IncludeFile(fullPath + ".json", name + ".json", includedAt, depth, origin);
            var overriding = IncludeFile(fullPath + ".conf", name + ".conf", includedAt, depth, origin);
            if (result is null)
            {
                result = overriding;
            }
            else if (overriding is not null)
            {
                result.Merge(overriding);
            }
        }

        return result is null && required ? throw new HoconException(origin, $"the required file '{name}' does not exist") : result;
    }

    private static string? Read(string fullPath, string name, HoconOrigin origin)
    {
        var bytes = new byte[HoconLimits.MaxTextLength + 1];
        try
        {
            // Opened without asking for its length first: pipes and devices have none.
            using var stream = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length == bytes.Length
                ? throw new HoconException(origin, $"'{name}' is larger than {HoconLimits.MaxTextLength} bytes")
                : StrictUtf8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes.AsSpan(0, e.Index);
            var place = new HoconOrigin(name, before.Count((byte)'\n') + 1, e.Index - before.LastIndexOf((byte)'\n'));
            throw new HoconException(place, "the file is not valid UTF-8 from here on", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new HoconException(origin, $"'{name}' cannot be read: {e.Message}", e);
        }
    }

    private HoconObjectNode? IncludeFile(string fullPath, string name, string[] includedAt, int depth, HoconOrigin origin)
    {
        if (_open.Contains(fullPath))
        {
            throw new HoconException(origin, $"'{name}' includes itself");
        }

        if (_open.Count > HoconLimits.MaxIncludeDepth)
        {
            throw new HoconException(origin, $"includes are nested more than {HoconLimits.MaxIncludeDepth} deep");
        }

        var text = Read(fullPath, name, origin);
        if (text is null)
        {
            return null;
        }

        if (++_included > HoconLimits.MaxIncludes)
        {
            throw new HoconException(origin, $"more than {HoconLimits.MaxIncludes} files are included");
        }

        return Parse(text, name, fullPath, includedAt, depth);
    }

    private HoconObjectNode Parse(string text, string name, string fullPath, string[] includedAt, int depth)
    {
        _open.Add(fullPath);
        var root = new HoconParser(text, name, Path.GetDirectoryName(fullPath), includedAt, depth, this).ParseRoot();
        _open.RemoveAt(_open.Count - 1);
        return root;
    }
}
