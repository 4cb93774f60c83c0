using PeerSync.Host.Configuration.Hocon;

namespace PeerSync.Tests.Configuration.Hocon;

public sealed class HoconUnitsTests
{
    [Theory]
    [InlineData("10", 10 * TimeSpan.TicksPerMillisecond)]
    [InlineData(" 10 ", 10 * TimeSpan.TicksPerMillisecond)]
    [InlineData("250ns", 2)]
    [InlineData("100 nanoseconds", 1)]
    [InlineData("3us", 30)]
    [InlineData("1micro", 10)]
    [InlineData("1.5ms", 15_000)]
    [InlineData("2 millis", 20_000)]
    [InlineData("10s", 10 * TimeSpan.TicksPerSecond)]
    [InlineData("1second", TimeSpan.TicksPerSecond)]
    [InlineData("2\tminutes", 2 * TimeSpan.TicksPerMinute)]
    [InlineData("0.5m", TimeSpan.TicksPerMinute / 2)]
    [InlineData("1e2h", 100 * TimeSpan.TicksPerHour)]
    [InlineData("90d", 90 * TimeSpan.TicksPerDay)]
    [InlineData("-1day", -TimeSpan.TicksPerDay)]
    [InlineData("0d", 0)]
    public void A_duration_is_a_number_and_a_unit(string text, long ticks)
    {
        Assert.True(HoconUnits.TryParseDuration(text, "ms", out var duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1S")]
    [InlineData("1 fortnight")]
    [InlineData("one s")]
    [InlineData("1 2 s")]
    [InlineData("1s 2ms")]
    [InlineData("1,5s")]
    [InlineData("0x10s")]
    [InlineData("999999999999d")]
    [InlineData("79228162514264337593543950335ns")]
    [InlineData("1e99999s")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(HoconUnits.TryParseDuration(text, "ms", out _));

    [Fact]
    public void A_bare_number_takes_the_default_unit()
    {
        Assert.True(HoconUnits.TryParseDuration("3600", "s", out var duration));
        Assert.Equal(TimeSpan.FromHours(1), duration);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("7B", 7)]
    [InlineData("7 bytes", 7)]
    [InlineData("1kB", 1000)]
    [InlineData("2 kilobytes", 2000)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1K", 1024)]
    [InlineData("1k", 1024)]
    [InlineData("64KiB", 65536)]
    [InlineData("4MiB", 4 * 1024 * 1024)]
    [InlineData("1.5M", 1572864)]
    [InlineData("1G", 1073741824)]
    [InlineData("2tebibytes", 2199023255552)]
    [InlineData("7E", 7L * 1152921504606846976)]
    [InlineData("1e3", 1000)]
    public void A_size_is_a_number_and_a_unit(string text, long bytes)
    {
        Assert.True(HoconUnits.TryParseSize(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("KB")]
    [InlineData("1KB")]
    [InlineData("1mb")]
    [InlineData("8E")]
    [InlineData("1ZB")]
    [InlineData("1YiB")]
    [InlineData("1 M B")]
    public void What_is_no_size_is_refused(string text) => Assert.False(HoconUnits.TryParseSize(text, out _));
}
