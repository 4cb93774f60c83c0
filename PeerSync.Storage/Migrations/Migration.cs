namespace PeerSync.Storage.Migrations;

/// <summary>One step of the schema.</summary>
/// <param name="Number">1 and up, without gaps.</param>
/// <param name="Name">What it is about, in a word or two.</param>
/// <param name="Sql">Its statements.</param>
/// <param name="Checksum">SHA-256 of the statements in lower-case hexadecimal.</param>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum);
