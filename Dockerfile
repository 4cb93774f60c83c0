# Builds the server and packs it without the SDK. The image needs no configuration to start: it listens on 3000 and 3001, and keeps
# everything that it writes (the SQLite database, in development a generated key) in /data.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Project files first, so that the restore is repeated only when one of them changes.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/ eng/
COPY PeerSync.Protocol/PeerSync.Protocol.csproj PeerSync.Protocol/
COPY PeerSync.Kernel/PeerSync.Kernel.csproj PeerSync.Kernel/
COPY PeerSync.Storage/PeerSync.Storage.csproj PeerSync.Storage/
COPY PeerSync.Actors/PeerSync.Actors.csproj PeerSync.Actors/
COPY PeerSync.Host/PeerSync.Host.csproj PeerSync.Host/
ARG TARGETARCH
RUN dotnet restore PeerSync.Host -a "${TARGETARCH:-amd64}" -p:PublishReadyToRun=true

COPY .editorconfig ./
COPY hocon/ hocon/
COPY PeerSync.Protocol/ PeerSync.Protocol/
COPY PeerSync.Kernel/ PeerSync.Kernel/
COPY PeerSync.Storage/ PeerSync.Storage/
COPY PeerSync.Actors/ PeerSync.Actors/
COPY PeerSync.Host/ PeerSync.Host/
RUN dotnet publish PeerSync.Host -c Release -a "${TARGETARCH:-amd64}" --no-restore --no-self-contained -p:PublishReadyToRun=true -o /app \
    && mkdir /empty

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./

# The base image's unprivileged user. /data belongs to it before it becomes a volume, so that a new volume does too.
COPY --from=build --chown=$APP_UID:$APP_UID --chmod=700 /empty /data
ENV PEERSYNC_DATA=/data
VOLUME /data
USER $APP_UID
EXPOSE 3000 3001 6380

# Ready means that the database and the token keys have been asked, not only that the process is there.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/peersync", "healthcheck"]
ENTRYPOINT ["/app/peersync"]
