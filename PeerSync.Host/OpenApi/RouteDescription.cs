using System.Net.Mime;

namespace PeerSync.Host.OpenApi;

/// <summary>What a route's entry in the OpenAPI documents says. Immutable.</summary>
/// <param name="OperationId">The operation's name, unique in a document.</param>
/// <param name="Tag">The group that it is shown in.</param>
/// <param name="Summary">What it does, in one line.</param>
internal sealed record RouteDescription(string OperationId, string Tag, string Summary)
{
    /// <summary>What a caller must know besides; null for nothing.</summary>
    public string? Remarks { get; private init; }

    /// <summary>What the route wants to see of its callers; <see cref="RouteAccess.Open"/> unless said otherwise.</summary>
    public RouteAccess Access { get; private init; }

    /// <summary>The type whose schema the request's body has; null for none.</summary>
    public Type? Body { get; private init; }

    /// <summary>Whether the route refuses requests without a body.</summary>
    public bool IsBodyRequired { get; private init; }

    /// <summary>The query's parameters.</summary>
    public IReadOnlyList<RouteParameter> Query { get; private init; } = [];

    /// <summary>The answers; one for each status.</summary>
    public IReadOnlyList<RouteAnswer> Responses { get; private init; } = [];

    /// <summary>Says what a caller must know besides.</summary>
    public RouteDescription With(string remarks) => this with { Remarks = remarks };

    /// <summary>Says what the route wants to see of its callers.</summary>
    public RouteDescription For(RouteAccess access) => this with { Access = access };

    /// <summary>Says what the request's body is.</summary>
    public RouteDescription Reads<T>(bool isRequired = true) => this with { Body = typeof(T), IsBodyRequired = isRequired };

    /// <summary>Adds a parameter of the query.</summary>
    public RouteDescription Asks<T>(string name, string description, bool isRequired = false) =>
        this with { Query = [.. Query, new RouteParameter(name, typeof(T), description, isRequired)] };

    /// <summary>Adds an answer in JSON.</summary>
    /// <exception cref="InvalidOperationException">There is an answer with this status.</exception>
    public RouteDescription Answers<T>(int status, string description) => Answering(status, description, typeof(T), MediaTypeNames.Application.Json);

    /// <summary>Adds an answer that is text.</summary>
    public RouteDescription AnswersText(int status, string description, string contentType = MediaTypeNames.Text.Plain) =>
        Answering(status, description, typeof(string), contentType);

    /// <summary>Adds an answer without a body.</summary>
    public RouteDescription AnswersNothing(int status, string description) => Answering(status, description, null, string.Empty);

    private RouteDescription Answering(int status, string description, Type? type, string contentType) =>
        Responses.Any(known => known.Status == status)
            ? throw new InvalidOperationException($"{OperationId} has two answers with the status {status}.")
            : this with { Responses = [.. Responses, new RouteAnswer(status, description, type, contentType)] };
}
