using System.Runtime.CompilerServices;
using System.Text;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Replaces the substitutions of one document. Used once, by one thread.</summary>
/// <remarks>
/// A substitution means the final value of its path. Only while the very assignment that holds it is being resolved does its
/// field count as having the older assignments alone: that is how <c>path = ${path} [x]</c> extends a list. What leads back to a
/// value that is being resolved in any other way is a circle.
/// </remarks>
internal sealed class HoconResolver(HoconObjectNode root, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The outcome of a value that needs itself. Never leaves the resolver.</summary>
    private static readonly HoconScalar Circle = HoconScalar.FromString(string.Empty, default);

    private readonly Dictionary<HoconField, int> _hiddenFrom = [];
    private readonly HashSet<(HoconField Field, int Count)> _resolving = [];
    private readonly Dictionary<(HoconField Field, int Count), HoconValue?> _resolvedFields = [];
    private readonly Dictionary<HoconSubstitutionNode, HoconValue?> _resolvedSubstitutions = [];
    private int _contextDependent;
    private int _depth;
    private int _steps;
    private long _copied;

    public HoconObject Resolve() => ResolveNode(root, null, 0) as HoconObject
        ?? throw new HoconException(root.Origin, "the root refers to itself");

    private static bool IsObjectPart(HoconNode node) => node is HoconObjectNode or HoconSubstitutionNode or HoconWhitespaceNode;

    /// <summary>The value of the first assignments of a field; null when none of them has one.</summary>
    private HoconValue? ResolveField(HoconField field, int count)
    {
        if (_resolvedFields.TryGetValue((field, count), out var known))
        {
            return known;
        }

        if (!_resolving.Add((field, count)))
        {
            _contextDependent++;
            return Circle;
        }

        var contextDependent = _contextDependent;
        HoconValue? result = null;
        for (var i = count - 1; i >= 0; i--)
        {
            var value = ResolveNode(field[i], field, i);
            if (ReferenceEquals(value, Circle))
            {
                result = Circle;
                break;
            }

            if (Stack(ref result, value))
            {
                break;
            }
        }

        _resolving.Remove((field, count));

        // A value that met a hidden or unfinished field is right where it was asked for and may be wrong elsewhere.
        if (contextDependent == _contextDependent)
        {
            _resolvedFields.Add((field, count), result);
        }

        return result;
    }

    /// <summary>Puts a value under what lies above it; tells whether nothing further below can matter.</summary>
    private bool Stack(ref HoconValue? result, HoconValue? lower)
    {
        switch (lower)
        {
            case null:
                return false;
            case HoconObject lowerObject:
                result = result is HoconObject upperObject ? Merge(lowerObject, upperObject) : lower;
                return false;
            default:
                result ??= lower;
                return true;
        }
    }

    private HoconObject Merge(HoconObject lower, HoconObject upper)
    {
        CountCopied(lower.Fields.Count + upper.Fields.Count, upper.Origin);
        var fields = new OrderedDictionary<string, HoconValue>();
        foreach (var (key, value) in lower.Fields)
        {
            fields.Add(key, value);
        }

        foreach (var (key, value) in upper.Fields)
        {
            fields[key] = value is HoconObject upperValue && fields.TryGetValue(key, out var below) && below is HoconObject lowerValue
                ? Merge(lowerValue, upperValue)
                : value;
        }

        return Checked(new HoconObject(fields, upper.Origin));
    }

    /// <summary>The value of a node; null when it has none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="field">The field whose assignment the node is, or is a part of; null for an element of an array.</param>
    /// <param name="index">The assignment's index.</param>
    private HoconValue? ResolveNode(HoconNode node, HoconField? field, int index)
    {
        Enter(node.Origin);
        var result = node switch
        {
            HoconScalarNode scalar => scalar.Value,
            HoconArrayNode array => ResolveArray(array),
            HoconObjectNode value => ResolveObject(value),
            HoconSubstitutionNode substitution => ResolveSubstitution(substitution, field, index),
            HoconPreviousNode => ResolveField(field!, index),
            HoconConcatenationNode concatenation => ResolveConcatenation(concatenation, field, index),
            _ => throw new InvalidOperationException($"{node.GetType().Name} is resolved by what contains it"),
        };
        _depth--;
        return result;
    }

    private HoconValue ResolveArray(HoconArrayNode node)
    {
        var items = new List<HoconValue>(node.Items.Count);
        CountCopied(node.Items.Count, node.Origin);
        foreach (var item in node.Items)
        {
            var value = ResolveNode(item, null, 0);
            if (ReferenceEquals(value, Circle))
            {
                return Circle;
            }

            if (value is not null)
            {
                items.Add(value);
            }
        }

        return Checked(new HoconArray(items, node.Origin));
    }

    private HoconValue ResolveObject(HoconObjectNode node)
    {
        var fields = new OrderedDictionary<string, HoconValue>();
        CountCopied(node.Fields.Count, node.Origin);
        foreach (var (key, field) in node.Fields)
        {
            if (_hiddenFrom.ContainsKey(field))
            {
                _contextDependent++;
                return Circle;
            }

            var value = ResolveField(field, field.Count);
            if (ReferenceEquals(value, Circle))
            {
                return Circle;
            }

            if (value is not null)
            {
                fields.Add(key, value);
            }
        }

        return Checked(new HoconObject(fields, node.Origin));
    }

    private HoconValue? ResolveSubstitution(HoconSubstitutionNode node, HoconField? field, int index)
    {
        if (_resolvedSubstitutions.TryGetValue(node, out var known))
        {
            return known;
        }

        var contextDependent = _contextDependent;
        var value = LookUp(node, [], field, index);
        var missing = value is null || ReferenceEquals(value, Circle);
        if (missing)
        {
            var name = string.Join('.', node.Path);
            value = environment.TryGetValue(name, out var text) ? HoconScalar.FromString(text, HoconOrigin.Environment(name)) : null;
            if (value is null && !node.IsOptional)
            {
                throw new HoconException(node.Origin, contextDependent == _contextDependent
                    ? $"${{{HoconPath.Format(node.Path)}}} is neither set nor a variable of the environment"
                    : $"${{{HoconPath.Format(node.Path)}}} leads back to itself");
            }
        }

        // Once and for all, so that two fields that refer to each other cannot end with each other's values.
        _resolvedSubstitutions[node] = value;
        return value;
    }

    /// <summary>Looks up what a substitution refers to, or something below that.</summary>
    private HoconValue? LookUp(HoconSubstitutionNode node, ReadOnlySpan<string> below, HoconField? field, int index)
    {
        var hidden = 0;
        var wasHidden = field is not null && _hiddenFrom.TryGetValue(field, out hidden);
        if (field is not null)
        {
            _hiddenFrom[field] = index;
        }

        HoconValue? value = null;
        if (node.IncludedAt.Length > 0)
        {
            value = LookUpChild(root, [.. node.IncludedAt, .. node.Path, .. below], 0);
        }

        value ??= LookUpChild(root, [.. node.Path, .. below], 0);

        if (wasHidden)
        {
            _hiddenFrom[field!] = hidden;
        }
        else if (field is not null)
        {
            _hiddenFrom.Remove(field);
        }

        return value;
    }

    private HoconValue? LookUpChild(HoconObjectNode container, string[] path, int position) =>
        container.Fields.TryGetValue(path[position], out var field) ? LookUpField(field, path, position + 1) : null;

    /// <summary>The value at the rest of a path, resolving no more than that needs: an object may refer to its own parts.</summary>
    private HoconValue? LookUpField(HoconField field, string[] path, int position)
    {
        if (_hiddenFrom.TryGetValue(field, out var count))
        {
            _contextDependent++;
        }
        else
        {
            count = field.Count;
        }

        if (position == path.Length)
        {
            return ResolveField(field, count);
        }

        HoconValue? result = null;
        for (var i = count - 1; i >= 0; i--)
        {
            Enter(field[i].Origin);
            var opaque = LookUpNode(field[i], field, i, path, position, out var value);
            _depth--;
            if (ReferenceEquals(value, Circle))
            {
                return Circle;
            }

            if (Stack(ref result, value) || opaque)
            {
                break;
            }
        }

        return result;
    }

    /// <summary>Looks for the rest of a path in one assignment; tells whether it is no object and so hides those before it.</summary>
    private bool LookUpNode(HoconNode node, HoconField field, int index, string[] path, int position, out HoconValue? value)
    {
        switch (node)
        {
            case HoconObjectNode container:
                value = LookUpChild(container, path, position);
                return false;
            case HoconSubstitutionNode substitution:
                value = LookUp(substitution, path.AsSpan(position), field, index);
                return value is null && index > 0 && ResolveSubstitution(substitution, field, index) is not (null or HoconObject);
            case HoconConcatenationNode concatenation when concatenation.Parts.TrueForAll(IsObjectPart):
                return LookUpParts(concatenation, field, index, path, position, out value);
            default:
                value = null;
                return true;
        }
    }

    private bool LookUpParts(HoconConcatenationNode node, HoconField field, int index, string[] path, int position, out HoconValue? value)
    {
        value = null;
        for (var i = node.Parts.Count - 1; i >= 0; i--)
        {
            if (node.Parts[i] is HoconWhitespaceNode)
            {
                continue;
            }

            var opaque = LookUpNode(node.Parts[i], field, index, path, position, out var found);
            if (ReferenceEquals(found, Circle))
            {
                value = Circle;
                return true;
            }

            if (Stack(ref value, found) || opaque)
            {
                return true;
            }
        }

        return false;
    }

    private HoconValue? ResolveConcatenation(HoconConcatenationNode node, HoconField? field, int index)
    {
        var values = new List<(HoconValue? Value, HoconNode Node)>(node.Parts.Count);
        var kind = (HoconValueKind?)null;
        foreach (var part in node.Parts)
        {
            var value = part is HoconWhitespaceNode ? null : ResolveNode(part, field, index);
            if (ReferenceEquals(value, Circle))
            {
                return Circle;
            }

            values.Add((value, part));
            kind = value switch
            {
                null => kind,
                HoconArray => HoconValueKind.Array,
                HoconObject => kind ?? HoconValueKind.Object,
                _ => kind ?? HoconValueKind.String,
            };
        }

        return kind switch
        {
            null => null,
            HoconValueKind.Array => ConcatenateArrays(values, node.Origin),
            HoconValueKind.Object => ConcatenateObjects(values),
            _ => ConcatenateText(values, node.Origin),
        };
    }

    private HoconArray ConcatenateArrays(List<(HoconValue? Value, HoconNode Node)> parts, HoconOrigin origin)
    {
        var items = new List<HoconValue>();
        foreach (var (value, node) in parts)
        {
            if (value is null)
            {
                continue;
            }

            var array = value as HoconArray ?? (value as HoconObject)?.ToArray() ?? throw Mixed(node, "an array", value);
            CountCopied(array.Items.Count, origin);
            items.AddRange(array.Items);
        }

        return Checked(new HoconArray(items, origin));
    }

    private HoconObject ConcatenateObjects(List<(HoconValue? Value, HoconNode Node)> parts)
    {
        HoconObject? result = null;
        foreach (var (value, node) in parts)
        {
            if (value is not null)
            {
                var upper = value as HoconObject ?? throw Mixed(node, "an object", value);
                result = result is null ? upper : Merge(result, upper);
            }
        }

        return result!;
    }

    private HoconScalar ConcatenateText(List<(HoconValue? Value, HoconNode Node)> parts, HoconOrigin origin)
    {
        var builder = new StringBuilder();
        foreach (var (value, node) in parts)
        {
            var text = value switch
            {
                null => (node as HoconWhitespaceNode)?.Text ?? string.Empty,
                HoconScalar scalar => scalar.Text,
                _ => throw Mixed(node, "text", value),
            };
            CountCopied(text.Length, origin);
            builder.Append(text);
        }

        return Checked(HoconScalar.FromString(builder.ToString(), origin));
    }

    private static HoconException Mixed(HoconNode node, string expected, HoconValue found)
    {
        var kind = found.Kind switch { HoconValueKind.Array => "an array", HoconValueKind.Object => "an object", _ => "text" };
        return new HoconException(node.Origin, $"{expected} cannot be joined with {kind}");
    }

    private void Enter(HoconOrigin origin)
    {
        if (++_steps > HoconLimits.MaxSteps)
        {
            throw new HoconException(origin, "the substitutions are too many to resolve");
        }

        if (++_depth > HoconLimits.MaxResolutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new HoconException(origin, "the substitutions lead too far from one to the next");
        }
    }

    private void CountCopied(long count, HoconOrigin origin)
    {
        _copied += count;
        if (_copied > HoconLimits.MaxCopied)
        {
            throw new HoconException(origin, "the substitutions make the text too large");
        }
    }

    private static T Checked<T>(T value)
        where T : HoconValue =>
        value.Weight <= HoconLimits.MaxWeight ? value : throw new HoconException(value.Origin, "the substitutions make the value too large");
}
