using FsCheck;
using FsCheck.Fluent;
using PeerSync.Actors.Sync;

namespace PeerSync.Tests.Sync;

public sealed class SyncDeliveryTests
{
    [Fact]
    public void LiveEventsMoveTheCursorAsTheyAreConfirmed()
    {
        var delivery = new SyncDelivery(5, 5);
        delivery.SentLive(6, 100);
        delivery.SentLive(9, 101);
        Assert.False(delivery.Confirm(101));
        Assert.Equal(5, delivery.Cursor);
        Assert.True(delivery.Confirm(100));
        Assert.Equal((9, 0), (delivery.Cursor, delivery.Outstanding));
        Assert.False(delivery.Confirm(100));
    }

    [Fact]
    public void LiveEventsDoNotMoveTheCursorOverAPastThatWasNotSent()
    {
        var delivery = new SyncDelivery(0, 2);
        Assert.False(delivery.IsCaughtUp);
        delivery.SentLive(3, 30);
        Assert.False(delivery.Confirm(30));
        delivery.SentInPage(1, 10);
        delivery.SentInPage(2, 20);
        delivery.PageSent(0, 2);
        Assert.True(delivery.IsCaughtUp);
        Assert.Equal(0, delivery.Cursor);
        Assert.True(delivery.Confirm(10));
        Assert.True(delivery.Confirm(20));
        Assert.Equal(3, delivery.Cursor);
    }

    [Fact]
    public void APageThatDoesNotBeginWhereTheLastOneEndedLeavesAGap()
    {
        var delivery = new SyncDelivery(0, 10);
        delivery.SentInPage(6, 60);
        delivery.PageSent(5, 10);
        Assert.False(delivery.IsCaughtUp);
        Assert.False(delivery.Confirm(60));
        Assert.Equal(0, delivery.Cursor);
    }

    [Fact]
    public void OfSeveralWithOneNumberTheOneThatWasSentFirstIsConfirmed()
    {
        var delivery = new SyncDelivery(0, 1);
        delivery.SentLive(2, 7);
        delivery.SentInPage(1, 7);
        delivery.PageSent(0, 1);
        Assert.False(delivery.Confirm(7));
        Assert.Equal(0, delivery.Cursor);
        Assert.True(delivery.Confirm(7));
        Assert.Equal(2, delivery.Cursor);
    }

    [Fact]
    public void AskingForTheNextPageConfirmsTheOneBefore()
    {
        var delivery = new SyncDelivery(0, 4);
        delivery.SentInPage(1, 1);
        delivery.SentInPage(2, 2);
        delivery.PageSent(0, 2);
        Assert.True(delivery.ConfirmTo(2));
        Assert.Equal((2, 0), (delivery.Cursor, delivery.Outstanding));
        Assert.False(delivery.ConfirmTo(1));
        Assert.Equal(2, delivery.Cursor);
    }

    [Fact]
    public void AnAcknowledgementThatComesAfterItsPageWasConfirmedIsNotTakenForAnotherEvents()
    {
        var delivery = new SyncDelivery(0, 2);
        delivery.SentInPage(1, 7);
        delivery.PageSent(0, 1);
        delivery.ConfirmTo(1);
        delivery.SentInPage(2, 7);
        delivery.PageSent(1, 2);
        Assert.False(delivery.Confirm(7));
        Assert.Equal(1, delivery.Cursor);
        Assert.True(delivery.Confirm(7));
        Assert.Equal((2, 0), (delivery.Cursor, delivery.Outstanding));
    }

    [Fact]
    public void AnEventThatWasSentTwiceIsAcknowledgedTwice()
    {
        var delivery = new SyncDelivery(0, 0);
        delivery.SentLive(1, 7);
        delivery.SentInPage(1, 7);
        delivery.PageSent(0, 1);
        delivery.SentLive(2, 7);
        Assert.True(delivery.Confirm(7));
        Assert.False(delivery.Confirm(7));
        Assert.Equal(1, delivery.Cursor);
        Assert.True(delivery.Confirm(7));
        Assert.Equal(2, delivery.Cursor);
    }

    [Fact]
    public void PagesThatAreConfirmedOnlyByAskingForTheNextOneNeedNoRoom()
    {
        const int last = 3 * SyncDelivery.MaxOutstanding;
        var delivery = new SyncDelivery(0, last);
        for (var i = 1; i <= last; i++)
        {
            delivery.SentInPage(i, i);
            if (i % 1000 == 0)
            {
                delivery.PageSent(i - 1000, i);
                Assert.True(delivery.ConfirmTo(i));
            }
        }

        delivery.PageSent(last / 1000 * 1000, last);
        Assert.True(delivery.IsCaughtUp);
        for (var i = last / 1000 * 1000; i <= last; i++)
        {
            delivery.Confirm(i);
        }

        Assert.Equal(last, delivery.Cursor);
    }

    [Fact]
    public void TooManyUnconfirmedEventsHoldTheCursorAndNotTheMemory()
    {
        var delivery = new SyncDelivery(0, 0);
        for (var i = 1; i <= SyncDelivery.MaxOutstanding + 10; i++)
        {
            delivery.SentLive(i, i);
        }

        Assert.Equal(SyncDelivery.MaxOutstanding, delivery.Outstanding);
        for (var i = 1; i <= SyncDelivery.MaxOutstanding + 10; i++)
        {
            delivery.Confirm(i);
        }

        delivery.SentLive(SyncDelivery.MaxOutstanding + 11, 1);
        Assert.False(delivery.Confirm(1));
        Assert.Equal(SyncDelivery.MaxOutstanding, delivery.Cursor);
    }

    [Fact]
    public void SkippedLiveEventsAreNotWaitedFor()
    {
        var delivery = new SyncDelivery(0, 0);
        delivery.SkipLive(3);
        delivery.SkipLive(2);
        Assert.Equal(3, delivery.LastLive);
        delivery.SentLive(4, 1);
        Assert.True(delivery.Confirm(1));
        Assert.Equal(4, delivery.Cursor);
    }

    /// <summary>As clients do: one acknowledgement per event, in the order of arrival; different devices use the same numbers.</summary>
    [Fact]
    public void TheCursorFollowsAcknowledgementsInOrder() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), static script =>
        {
            var model = new Model(script, ambiguous: true);
            foreach (var step in script)
            {
                switch (step % 6)
                {
                    case 0 or 1:
                        model.NextPage(limit: (step >> 4) + 1);
                        break;
                    case 2 or 3:
                        model.Happens(own: step % 4 == 3);
                        break;
                    default:
                        model.Acknowledge(0);
                        break;
                }
            }

            model.FinishAndCheck();
        }));

    /// <summary>Whatever is acknowledged in whatever order, and however often a page is asked for.</summary>
    [Fact]
    public void TheCursorNeverPassesWhatIsNotConfirmed() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), static script =>
        {
            var model = new Model(script, ambiguous: false);
            foreach (var step in script)
            {
                switch (step % 7)
                {
                    case 0:
                        model.NextPage(limit: (step >> 4) + 1);
                        break;
                    case 1:
                        model.FirstPage(limit: (step >> 4) + 1);
                        break;
                    case 2 or 3:
                        model.Happens(own: step % 4 == 3);
                        break;
                    case 4:
                        model.Acknowledge(step >> 3);
                        break;
                    default:
                        model.Acknowledge(0);
                        break;
                }
            }

            model.FinishAndCheck();
        }));

    /// <summary>A journal, a socket that reads from it as <see cref="SyncConnectionActor"/> does, and a client that remembers what it got.</summary>
    private sealed class Model
    {
        private readonly List<Row> _journal = [];
        private readonly List<Row> _unacknowledged = [];
        private readonly HashSet<long> _received = [];
        private readonly HashSet<long> _confirmed = [];
        private readonly bool _ambiguous;
        private readonly SyncDelivery _delivery;
        private long _cursor;
        private long? _token;
        private bool _hasPage;

        internal Model(byte[] script, bool ambiguous)
        {
            _ambiguous = ambiguous;
            var past = script.Length == 0 ? 0 : script[0] % 40;
            for (var i = 0; i < past; i++)
            {
                Store(own: i % 3 == 1, isExpired: i % 5 == 2);
            }

            _cursor = past == 0 ? 0 : script[0] / 40 % past;
            _delivery = new SyncDelivery(_cursor, past);
        }

        internal void Happens(bool own)
        {
            var row = Store(own, isExpired: false);
            if (!own)
            {
                _delivery.SentLive(row.SequenceNr, row.DeviceSeq);
                Receive(row);
                Check();
            }
        }

        internal void NextPage(int limit)
        {
            if (_token is { } token)
            {
                // Who asks with a token has all up to it.
                foreach (var row in _journal.Where(row => row.SequenceNr <= token && row.MustArrive && row.SequenceNr > _cursor))
                {
                    Assert.Contains(row.SequenceNr, _received);
                    _confirmed.Add(row.SequenceNr);
                }

                _delivery.ConfirmTo(token);
                Check();
                Page(token, limit);
            }
            else if (!_hasPage)
            {
                FirstPage(limit);
            }
        }

        internal void FirstPage(int limit) => Page(_delivery.Cursor, limit);

        internal void Acknowledge(int at)
        {
            if (_unacknowledged.Count > 0)
            {
                var row = _unacknowledged[at % _unacknowledged.Count];
                _unacknowledged.RemoveAt(at % _unacknowledged.Count);
                _confirmed.Add(row.SequenceNr);
                _delivery.Confirm(row.DeviceSeq);
                Check();
            }
        }

        internal void FinishAndCheck()
        {
            do
            {
                NextPage(limit: 3);
            }
            while (_token is not null);

            if (!_delivery.IsCaughtUp)
            {
                FirstPage(limit: 1000);
            }

            while (_unacknowledged.Count > 0)
            {
                Acknowledge(0);
            }

            Assert.True(_delivery.IsCaughtUp);
            Assert.Equal(0, _delivery.Outstanding);
            Assert.All(_journal.Where(static row => row.MustArrive), row => Assert.True(row.SequenceNr <= _delivery.Cursor, $"The cursor stays at {_delivery.Cursor}."));
        }

        private Row Store(bool own, bool isExpired)
        {
            var number = _journal.Count + 1;
            var row = new Row(number, _ambiguous ? 1 + (number * 7 % 4) : number * 10, own, isExpired);
            _journal.Add(row);
            return row;
        }

        private void Page(long after, int limit)
        {
            _hasPage = true;
            var to = _delivery.IsCaughtUp ? long.MaxValue : _delivery.Position;
            Row[] rows = [.. _journal.Where(row => row.SequenceNr > after && row.SequenceNr <= to)];
            var hasMore = rows.Length > limit;
            rows = rows[..Math.Min(limit, rows.Length)];
            foreach (var row in rows.Where(static row => !row.IsExpired))
            {
                _delivery.SentInPage(row.SequenceNr, row.DeviceSeq);
                Receive(row);
            }

            var last = hasMore || to == long.MaxValue ? Math.Max(rows.Length == 0 ? after : rows[^1].SequenceNr, after) : to;
            _delivery.PageSent(after, last);
            _token = hasMore ? last : null;
            Check();
        }

        private void Receive(Row row)
        {
            // Each time that it comes, as the web client does.
            _received.Add(row.SequenceNr);
            _unacknowledged.Add(row);
        }

        private void Check()
        {
            Assert.True(_delivery.Cursor >= _cursor, $"The cursor went back from {_cursor} to {_delivery.Cursor}.");
            foreach (var row in _journal.Where(row => row.MustArrive && row.SequenceNr > _cursor && row.SequenceNr <= _delivery.Cursor))
            {
                Assert.True(_confirmed.Contains(row.SequenceNr), $"The cursor passed {row.SequenceNr}, which was not confirmed.");
            }

            _cursor = _delivery.Cursor;
        }

        private sealed record Row(long SequenceNr, long DeviceSeq, bool Own, bool IsExpired)
        {
            internal bool MustArrive => !Own && !IsExpired;
        }
    }
}
