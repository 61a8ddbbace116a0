/* GET feed: pages of lines, held until something is new (PROTOCOL 3). */
#include "syncd/agent/inside.h"

#include <string.h>

static int64_t wait_seconds(const Session *session, bool caught_up) {
    if (!caught_up || !session->caught_up) return 0;
    return session->options.once ? ONCE_HELD_S : HELD_S;
}

Status feed_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    Str epoch = {0}, cursor = {0};
    bool caught_up = false;
    TRY(replica_cursor(session->replica, lane->arena, &epoch, &cursor, &caught_up, err));
    int64_t wait = wait_seconds(session, caught_up);
    out->url = session_url(session, lane, "feed?epoch=%.*s&cursor=%.*s&wait=%lld", STR_FORMAT(epoch),
                           STR_FORMAT(cursor), (long long)wait);
    out->silence_ms += wait * SECOND_MS;
    if (wait && session->etag[0]) out->etag = str_cstr(lane->arena, str_of(session->etag));
    session->page_ended = false;
    return OK;
}

/* ---- lines ---- */
static Status take_header(Session *session, Lane *lane, Str line, Err *err) {
    FeedHeader header = {0};
    bool new_epoch = false;
    TRY(feed_header_read(lane->arena, line, &header, err));
    TRY(replica_page_begin(session->replica, &header, &new_epoch, err));
    if (new_epoch) session->hello_wanted = true;
    return OK;
}

static Status take_outcome(Session *session, const PageOutcome *outcome, Err *err) {
    session->caught_up = outcome->applied;
    if (outcome->loads_wanted) {
        session_say(session, true,
                    "the records here do not add up to what the hub has: a scope is loaded anew");
        session->etag[0] = '\0';
    }
    if (outcome->rekeyed) {
        session_say(session, true, "a receipt speaks of other operations: all are numbered anew");
        TRY(replica_number_ops(session->replica, err));
        session_start_over(session);
    }
    return outcome->decided || outcome->rekeyed ? session_read_counts(session, err) : OK;
}

static Status take_trailer(Session *session, Lane *lane, Str line, Err *err) {
    FeedTrailer trailer = {0};
    PageOutcome outcome = {0};
    TRY(feed_trailer_read(lane->arena, line, &trailer, err));
    session->page_ended = true;
    if (!trailer.complete) {
        session->caught_up = false;
        return replica_page_more(session->replica, trailer.seq, err);
    }
    TRY(replica_page_complete(session->replica, &trailer, &outcome, err));
    return take_outcome(session, &outcome, err);
}

static Status take_line(Session *session, Lane *lane, Str line, Err *err) {
    FeedLine feed_line = {0};
    if (session->page_ended) return err_set(err, E_INVALID, "a line behind the end of the page");
    switch (feed_part_of(line)) {
    case FEED_HEADER:
        return take_header(session, lane, line, err);
    case FEED_TRAILER:
        return take_trailer(session, lane, line, err);
    case FEED_LINE:
        break;
    }
    TRY(feed_line_scan(line, &feed_line, err));
    return replica_page_line(session->replica, &feed_line, err);
}

/* Whole lines are taken where they lie; what is left waits for its end. */
static Status take_lines(Session *session, Lane *lane, Str bytes, Err *err) {
    for (ptrdiff_t end; (end = str_find(bytes, STR("\n"))) >= 0; bytes = str_skip(bytes, (size_t)end + 1)) {
        Str line = str_first(bytes, (size_t)end);
        if (lane->body.len > 0) {
            buf_add(&lane->body, line);
            line = buf_str(&lane->body);
        }
        if (lane->body.over) return err_set(err, E_TOOBIG, "a line of the feed is too long");
        TRY(take_line(session, lane, line, err));
        buf_clear(&lane->body);
    }
    buf_add(&lane->body, bytes);
    return lane->body.over ? err_set(err, E_TOOBIG, "a line of the feed is too long") : OK;
}

/* What came is durable before more is read; so a cut costs at most what the network had not delivered. */
Status feed_part(Session *session, Lane *lane, Str bytes, Err *err) {
    Err flush = {0};
    Status status = take_lines(session, lane, bytes, err);
    Status flushed = replica_page_flush(session->replica, &flush);
    if (status != OK) return status;
    return flushed == OK ? OK : err_set(err, flushed, "%s", flush.text);
}

Status feed_done(Session *session, Lane *lane, Err *err) {
    if (lane->http_status != 304 && !session->page_ended)
        return err_set(err, E_NETWORK, "the page broke off in the middle");
    return replica_note_contact(session->replica, INT64_MIN, err);
}

/* 409 behind, 409 not_here: this server is of no use now, nothing changes. */
Status feed_refused(Session *session, Lane *lane, Err *err) {
    (void)lane;
    session->etag[0] = '\0';
    return err->status;
}
