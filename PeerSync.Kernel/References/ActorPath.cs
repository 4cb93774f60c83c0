using System.Text;

namespace PeerSync.Kernel;

/// <summary>Where an actor stands in its system, for people and for logs: nothing is looked up by it.</summary>
public sealed class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private const string ValidSymbols = "-_.*$+:@&=,!~';";

    internal ActorPath(ActorPath? parent, string name, long uid)
    {
        Parent = parent;
        Name = name;
        Uid = uid;
    }

    /// <summary>The path of the parent; null for the root, whose name is the system's.</summary>
    public ActorPath? Parent { get; }

    /// <summary>The last element.</summary>
    public string Name { get; }

    /// <summary>Tells incarnations with the same path apart; 0 where there is only one.</summary>
    public long Uid { get; }

    /// <summary>Whether two paths name the same place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two paths name different places.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Whether a path sorts before another.</summary>
    public static bool operator <(ActorPath? left, ActorPath? right) => Compare(left, right) < 0;

    /// <summary>Whether a path sorts before another or equals it.</summary>
    public static bool operator <=(ActorPath? left, ActorPath? right) => Compare(left, right) <= 0;

    /// <summary>Whether a path sorts after another.</summary>
    public static bool operator >(ActorPath? left, ActorPath? right) => Compare(left, right) > 0;

    /// <summary>Whether a path sorts after another or equals it.</summary>
    public static bool operator >=(ActorPath? left, ActorPath? right) => Compare(left, right) >= 0;

    /// <summary>Whether a name may be given to an actor: letters, digits, <c>-_.*$+:@&amp;=,!~';</c> and percent escapes, not starting with <c>$</c>.</summary>
    public static bool IsValidPathElement(string? element)
    {
        if (string.IsNullOrEmpty(element) || element[0] == '$')
        {
            return false;
        }

        for (var i = 0; i < element.Length; i++)
        {
            var c = element[i];
            if (c == '%')
            {
                if (i + 2 >= element.Length || !char.IsAsciiHexDigit(element[i + 1]) || !char.IsAsciiHexDigit(element[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(c) && !ValidSymbols.Contains(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The path without the system: <c>/user/room/17</c>.</summary>
    public string ToStringWithoutAddress()
    {
        if (Parent is null)
        {
            return "/";
        }

        var builder = new StringBuilder();
        Append(builder, this);
        return builder.ToString();

        static void Append(StringBuilder builder, ActorPath path)
        {
            if (path.Parent is { } parent)
            {
                Append(builder, parent);
                builder.Append('/').Append(path.Name);
            }
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"akka://{Root.Name}{ToStringWithoutAddress()}";

    /// <inheritdoc />
    public bool Equals(ActorPath? other)
    {
        for (var path = this; ; path = path.Parent)
        {
            if (ReferenceEquals(path, other))
            {
                return true;
            }

            if (path is null || other is null || path.Name != other.Name)
            {
                return false;
            }

            other = other.Parent;
        }
    }

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Parent?.Name);

    /// <inheritdoc />
    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    private static int Compare(ActorPath? left, ActorPath? right) => left is null ? (right is null ? 0 : -1) : left.CompareTo(right);

    private ActorPath Root => Parent?.Root ?? this;
}
