using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PeerSync.Tests.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.OpenApi;

/// <summary>Holds the server's answers to what the document says of them: no member is missing, of another type, or not described.</summary>
public sealed class OpenApiAnswerTests
{
    [Fact]
    public async Task SharedRoutesAnswerAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync();
        await call.ExpectAsync("healthLive", 200);
        await call.ExpectAsync("healthReady", 200);
        await call.ExpectAsync("healthTimed", 200);
        await call.ExpectAsync("healthMemory", 200);
        await call.ExpectAsync("metrics", 200);
    }

    [Fact]
    public async Task PeersAnswersAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync();
        await call.ExpectAsync("peersShowNetwork", 401);
        await call.ExpectAsync("peersAuthHealth", 200);
        call.Authorization = "Bearer " + call.Host.Token("alice", "Alice");
        await call.ExpectAsync("peersVerify", 200);
        await call.ExpectAsync("peersJoinNetwork", 409, """{"inviteCode":"nonsense"}""");
        await call.ExpectAsync("peersJoinNetwork", 404, """{"inviteCode":"PS-ABCDEF"}""");
        await call.ExpectAsync("peersCreateNetwork", 201);
        await call.ExpectAsync("peersShowNetwork", 200);
        await call.ExpectAsync("peersLeaveNetwork", 201);
    }

    [Fact]
    public async Task RoomsAnswersAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync("peersync.listeners = [{ url = \"http://127.0.0.1:0\", features = [rooms] }]");
        await call.ExpectAsync("roomsRoot", 200);
        await call.ExpectAsync("roomsInfo", 200);
        await call.ExpectAsync("roomsStats", 200);
        await call.ExpectAsync("roomsCreateNamed", 400, "{}");
        await call.ExpectAsync("roomsCreateNamed", 201, """{"roomName":"Attic","hostId":"alice","fileId":"main.ts"}""");
        await call.ExpectAsync("roomsCreate", 201, """{"roomId":"cellar","hostId":"alice","content":"text","version":3}""");
        await call.ExpectAsync("roomsCreate", 409, """{"roomId":"cellar","hostId":"alice"}""");
        await call.ExpectAsync("roomsList", 200);
        call.Path["id"] = "cellar";
        await call.ExpectAsync("roomsShow", 200);
        await call.ExpectAsync("roomsShowStats", 200);
        await call.ExpectAsync("roomsJoin", 200, """{"userId":"bob","userName":"Bob"}""");
        await call.ExpectAsync("roomsListPeers", 200);
        await call.ExpectAsync("roomsListOperations", 200);
        await call.ExpectAsync("roomsLeave", 200, """{"userId":"bob"}""");
        var token = await call.ExpectAsync("issueToken", 200, """{"userId":"alice","roomId":"cellar"}""");
        var text = (string)token!["token"]!;
        await call.ExpectAsync("roomsValidateToken", 200, $$"""{"token":"{{text}}","userId":"alice","roomId":"cellar"}""");
        await call.ExpectAsync("roomsValidateToken", 200, """{"token":"none","userId":"alice","roomId":"cellar"}""");
        await call.ExpectAsync("roomsIceServers", 200);
        await call.ExpectAsync("roomsRevokeToken", 200, $$"""{"token":"{{text}}"}""");
        await call.ExpectAsync("roomsCleanUp", 200);
        await call.ExpectAsync("roomsCollect", 200);
        await call.ExpectAsync("roomsListAudit", 200);
        call.Path["id"] = "nowhere";
        await call.ExpectAsync("roomsShow", 404);
    }

    [Fact]
    public async Task CallsAnswersAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync("""peersync.listeners = [{ url = "http://127.0.0.1:0", features = [calls] }]""");
        await call.ExpectAsync("callsVerifyToken", 401);
        await call.ExpectAsync("callsIssueToken", 400, "{}");
        var token = await call.ExpectAsync("callsIssueToken", 201, """{"deviceId":"device-1"}""");
        call.Authorization = "Bearer " + (string)token!["accessToken"]!;
        await call.ExpectAsync("callsVerifyToken", 200);
        await call.ExpectAsync("callsRefreshToken", 201);
        await call.ExpectAsync("callsTurnCredentials", 201);
        await call.ExpectAsync("callsBlock", 201, """{"blockedUserId":"device-2"}""");
        await call.ExpectAsync("callsListBlocks", 200);
        await call.ExpectAsync("callsCountBlocks", 200);
        await call.ExpectAsync("callsBlock", 409, """{"blockedUserId":"device-2"}""");
        await call.ExpectAsync("callsUnblock", 200, """{"blockedUserId":"device-2"}""");
        await call.ExpectAsync("callsSubmitReport", 201, """{"reportedPeerId":"device-2","sessionId":"s","reason":"spam"}""");
        await call.ExpectAsync("callsListReports", 403);
    }

    [Fact]
    public async Task SyncAnswersAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync();
        await call.ExpectAsync("syncListDevices", 401);
        var identity = new SyncIdentity();
        await using var device = await SyncClient.LogInAsync(call.Host, identity, name: "Laptop", type: "desktop");
        call.Headers["X-User-ID"] = identity.UserId;
        await call.ExpectAsync("syncListDevices", 200);
        await call.ExpectAsync("syncPresence", 200);
        call.Query = "?deviceId=" + device.DeviceId;
        await call.ExpectAsync("syncConnectionStatus", 200);
        call.Query = "?deviceId=" + Guid.NewGuid();
        await call.ExpectAsync("syncConnectionStatus", 200);
        call.Query = string.Empty;
        await call.ExpectAsync("syncConnectionStatus", 400);
        await call.ExpectAsync("syncListFiles", 200);
        await call.ExpectAsync("syncShowProfile", 200);
        await call.ExpectAsync("syncVerifyToken", 200);
        await call.ExpectAsync("issueToken", 200);
        await call.ExpectAsync("syncUpdateProfile", 400, "{}");
        call.Path["id"] = device.DeviceId.ToString();
        await call.ExpectAsync("syncShowDevice", 200);
        await call.ExpectAsync("syncRenameDevice", 200, """{"device_name":"Desk"}""");
        call.Path["id"] = Guid.NewGuid().ToString();
        await call.ExpectAsync("syncShowDevice", 404);
        await call.ExpectAsync("syncListRevokedDevices", 200);
    }

    [Fact]
    public async Task SharingAnswersAsDescribed()
    {
        await using var call = await DescribedCalls.StartAsync(path: "/osmynt-api-engine/doc");
        await call.ExpectAsync("rootStatus", 200);
        await call.ExpectAsync("healthCheck", 200);
        await call.ExpectAsync("authDevLogin", 400, "{}");
        await call.ExpectAsync("realtimePresence", 401);
        await call.ExpectAsync("realtimeDiscover", 200);
        var login = await call.ExpectAsync("authDevLogin", 200, """{"name":"alice"}""");
        call.Authorization = "Bearer " + (string)login!["tokens"]!["access"]!;
        await call.ExpectAsync("realtimePresence", 200);

        const string Key = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
        await call.ExpectAsync("keysRegister", 400, "{}");
        await call.ExpectAsync("keysRegister", 200, $$"""{"deviceId":"first","encryptionPublicKeyJwk":{{Key}}}""");
        await call.ExpectAsync("keysRegister", 200, $$"""{"deviceId":"second","encryptionPublicKeyJwk":{{Key}},"signingPublicKeyJwk":{{Key}}}""");
        await call.ExpectAsync("keysRegister", 409, $$"""{"deviceId":"third","encryptionPublicKeyJwk":{{Key}}}""");
        await call.ExpectAsync("keysMe", 200);
        await call.ExpectAsync("keysTeamDefault", 200);
        var teams = await call.ExpectAsync("teamsMe", 200);
        var userId = (string)teams!["user"]!["id"]!;
        var teamId = (string)teams["teams"]![0]!["id"]!;
        call.Path["teamId"] = teamId;
        call.Path["userId"] = userId;
        await call.ExpectAsync("keysTeamById", 200);
        var paired = await call.ExpectAsync("pairingInit", 200, """{"deviceId":"first","ivB64u":"iv","ciphertextB64u":"sealed"}""");
        await call.ExpectAsync("pairingClaim", 200, $$"""{"token":"{{(string)paired!["token"]!}}"}""");
        await call.ExpectAsync("teamsShow", 200);
        await call.ExpectAsync("teamsChange", 200, """{"name":"Alice's","retentionDays":30}""");
        await call.ExpectAsync("teamsLeave", 409);
        await call.ExpectAsync("teamsInvite", 200);
        await call.ExpectAsync("teamsListInvitations", 200);
        await call.ExpectAsync("teamsAudit", 200);
        await call.ExpectAsync("authAudit", 200);

        const string Wrap = """{"recipientDeviceId":"first","senderEphemeralPublicKeyJwk":{"kty":"EC"},"wrappedCekB64u":"w","wrapIvB64u":"i","recipientUserId":""";
        var share = await call.ExpectAsync(
            "codeShareShare",
            200,
            $$$"""{"ciphertextB64u":"c","ivB64u":"i","wrappedKeys":[{{{Wrap}}}"{{{userId}}}"}],"metadata":{"title":"T","teamId":"{{{teamId}}}","startLine":1},"expiresInMs":3600000}""");
        call.Path["id"] = (string)share!["id"]!;
        await call.ExpectAsync("codeShareGetById", 200);
        await call.ExpectAsync("codeShareListTeam", 200);
        await call.ExpectAsync("codeShareListTeamByAuthor", 200);
        await call.ExpectAsync("codeShareListDmWith", 200);
        await call.ExpectAsync("codeShareMissingWraps", 200);
        await call.ExpectAsync("codeShareAddWrappedKeys", 200, $$$"""{"wrappedKeys":[{{{Wrap}}}"{{{userId}}}"}]}""");
        await call.ExpectAsync("codeShareRequestWraps", 200, "{}");
        await call.ExpectAsync("codeShareDelete", 200);
        await call.ExpectAsync("codeShareGetById", 404);
        call.Path["deviceId"] = "first";
        await call.ExpectAsync("deviceRemove", 400);
        await call.ExpectAsync("deviceForceRemove", 200);
    }

    /// <summary>Calls operations by their names, and checks each answer against the document of the same server.</summary>
    private sealed class DescribedCalls : IAsyncDisposable
    {
        private readonly OpenApiDocument _document;

        private DescribedCalls(PeerSyncTestHost host, OpenApiDocument document)
        {
            Host = host;
            _document = document;
        }

        internal PeerSyncTestHost Host { get; }

        internal string? Authorization { get; set; }

        internal string Query { get; set; } = string.Empty;

        internal Dictionary<string, string> Path { get; } = [];

        internal Dictionary<string, string> Headers { get; } = [];

        internal static async Task<DescribedCalls> StartAsync(string settings = "", string path = "/openapi.json")
        {
            var host = await PeerSyncTestHost.StartAsync(settings + "\npeersync.rate-limits.enabled = off\npeersync.turn { host = turn.example.test }");
            return new DescribedCalls(host, await OpenApiDocument.GetAsync(host, path));
        }

        internal async Task<JsonNode?> ExpectAsync(string operationId, int status, string? json = null)
        {
            var (method, path, _) = _document.Operations.Single(operation => (string?)operation.Operation["operationId"] == operationId);
            foreach (var (name, value) in Path)
            {
                path = path.Replace('{' + name + '}', value, StringComparison.Ordinal);
            }

            using var request = new HttpRequestMessage(new HttpMethod(method), path + Query);
            request.Headers.Authorization = Authorization is null ? null : AuthenticationHeaderValue.Parse(Authorization);
            foreach (var (name, value) in Headers)
            {
                request.Headers.Add(name, value);
            }

            request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
            using var answer = await Host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
            var text = await answer.Content.ReadAsStringAsync(PeerSyncTestHost.Cancel);
            Assert.True((int)answer.StatusCode == status, $"{operationId} was answered {(int)answer.StatusCode} {text}");
            var (contentType, schema) = _document.BodyOf(operationId, status);
            Assert.Equal(contentType, answer.Content.Headers.ContentType?.MediaType);
            if (schema is null || contentType != "application/json")
            {
                return null;
            }

            var body = JsonNode.Parse(text);
            var faults = _document.Check(body, schema).ToArray();
            Assert.True(faults.Length == 0, $"{operationId} {status}: {string.Join("; ", faults)}\n{text}");
            return body;
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
