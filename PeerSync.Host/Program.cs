using PeerSync.Host.Commands;

return await CommandLine.Create().Parse(args).InvokeAsync();
