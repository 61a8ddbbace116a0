/* One connection. libpq waits for ever on a server that has frozen, whatever its time-outs say, so it is
 * driven without blocking, and every wait here ends. Nothing is ever cancelled on the server: a commit that
 * waits for a standby and is cancelled is reported as done. A link that has waited too long is closed
 * instead, and what it did is unknown, as after a lost reply. */
#include "syncd/hub/store_postgres.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUED_MAX = 200, OID_TEXT = 25, OID_INT8 = 20 };

typedef struct Named {
    const char *name, *sql;
} Named;
#define PG_ROW(name, sql) {#name, sql},
static const Named statements[] = {PG_SQL(PG_ROW)};

/* ---- parameters: all in binary ---- */

static void call_add(Call *call, const char *value, size_t length) {
    call->values[call->count] = value;
    call->lengths[call->count] = (int)length;
    call->count++;
}

void call_text(Call *call, Str text) {
    call_add(call, text.at, text.len);
}

void call_bytes(Call *call, const void *bytes, size_t count) {
    call_add(call, bytes, count);
}

void call_int(Call *call, int64_t number) {
    int64_t *place = &call->numbers[call->count];
    *place = (int64_t)htobe64((uint64_t)number);
    call_add(call, (const char *)place, sizeof(*place));
}

void call_bool(Call *call, bool truth) {
    char *place = (char *)&call->numbers[call->count];
    *place = truth ? 1 : 0;
    call_add(call, place, 1);
}

static char *put_u32(char *at, size_t number) {
    uint32_t big = htobe32((uint32_t)number);
    memcpy(at, &big, sizeof(big));
    return at + sizeof(big);
}

/* The wire form of an array of one dimension: dimensions, nulls, type, length, first index; then each with
 * its length. */
static char *array_head(char *at, size_t type, size_t count) {
    const size_t head[] = {1, 0, type, count, 1};
    for (size_t i = 0; i < COUNT(head); i++) at = put_u32(at, head[i]);
    return at;
}

enum { ARRAY_HEAD = 5 * 4 };

void call_texts(Call *call, Arena *arena, const Str *texts, size_t count) {
    size_t bytes = ARRAY_HEAD;
    for (size_t i = 0; i < count; i++) bytes += 4 + texts[i].len;
    char *value = arena_alloc(arena, bytes), *at = array_head(value, OID_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        at = put_u32(at, texts[i].len);
        if (texts[i].len) memcpy(at, texts[i].at, texts[i].len);
        at += texts[i].len;
    }
    call_add(call, value, bytes);
}

void call_ints(Call *call, Arena *arena, const int64_t *numbers, size_t count) {
    size_t bytes = ARRAY_HEAD + count * (4 + sizeof(int64_t));
    char *value = arena_alloc(arena, bytes), *at = array_head(value, OID_INT8, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t big = htobe64((uint64_t)numbers[i]);
        at = put_u32(at, sizeof(big));
        memcpy(at, &big, sizeof(big));
        at += sizeof(big);
    }
    call_add(call, value, bytes);
}

/* ---- rows ---- */

void rows_clear_auto(PGresult **rows) {
    PQclear(*rows);
    *rows = NULL;
}

Str row_borrow(const PGresult *rows, int row, int column) {
    if (PQgetisnull(rows, row, column)) return (Str){0};
    return (Str){PQgetvalue(rows, row, column), (size_t)PQgetlength(rows, row, column)};
}

Str row_text(const PGresult *rows, int row, int column, Arena *arena) {
    Str text = row_borrow(rows, row, column);
    return text.at ? str_copy(arena, text) : text;
}

int64_t row_int(const PGresult *rows, int row, int column) {
    uint64_t big = 0;
    Str bytes = row_borrow(rows, row, column);
    if (bytes.len == sizeof(big)) memcpy(&big, bytes.at, sizeof(big));
    return (int64_t)be64toh(big);
}

bool row_bool(const PGresult *rows, int row, int column) {
    Str bytes = row_borrow(rows, row, column);
    return bytes.len == 1 && bytes.at[0] != 0;
}

/* ---- failures ---- */

static Status link_broke(Link *link, Err *err, const char *why) {
    link->broken = true;
    return err_set(err, E_BUSY, "the database cannot be reached: %s", why);
}

static Str first_line(const char *text) {
    Str rest = str_of(text), line = {0};
    str_cut(&rest, '\n', &line);
    return str_trim(line);
}

static Status link_lost(Link *link, Err *err) {
    Str why = first_line(PQerrorMessage(link->connection));
    link->broken = true;
    return err_set(err, E_BUSY, "the database cannot be reached: %.*s", STR_FORMAT(why));
}

/* By SQLSTATE, the first row that begins like it. */
static Status status_of(const char *state) {
    static const struct {
        const char *begins;
        Status status;
    } rows[] = {{"23505", E_EXISTS},   {"23", E_INVALID},    {"22", E_INVALID},    {"53100", E_FULL},
                {"53", E_BUSY},        {"08", E_BUSY},       {"40", E_BUSY},       {"55P03", E_BUSY},
                {"57", E_BUSY},        {"25P03", E_BUSY},    {"25006", E_BUSY},    {"28", E_DENIED},
                {"3D000", E_NOTFOUND}, {"42501", E_DENIED},  {"XX001", E_CORRUPT}, {"XX002", E_CORRUPT},
                {"58", E_IO},          {"P0001", E_INVALID}, {"42", E_INTERNAL}};
    for (size_t i = 0; state && i < COUNT(rows); i++)
        if (strncmp(state, rows[i].begins, strlen(rows[i].begins)) == 0) return rows[i].status;
    return E_IO;
}

/* A server that has become a standby, or is ending, is no use to anybody: the next connection may find
 * another. */
static bool state_ends_link(const char *state) {
    return strncmp(state, "25006", 5) == 0 || strncmp(state, "57P", 3) == 0 ||
           strncmp(state, "25P03", 5) == 0;
}

static Status result_failed(Link *link, const PGresult *result, Err *err) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQstatus(link->connection) == CONNECTION_BAD) return link_lost(link, err);
    if (!state) return err_set(err, E_INTERNAL, "the database: a statement was not run");
    if (state_ends_link(state)) link->broken = true;
    return err_set(err, status_of(state), "the database: %s (%s)", message ? message : "", state);
}

static void notice_taken(void *of, const PGresult *notice) {
    Link *link = of;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && strcmp(severity, "WARNING") == 0) link->warned = true;
}

/* ---- waiting ---- */

static Status wait_for(Link *link, bool to_write, Millis until, Err *err) {
    Millis left = until - clock_steady(clock_system());
    if (left <= 0) return link_broke(link, err, "it does not answer");
    struct pollfd poll_fd = {.fd = PQsocket(link->connection),
                             .events = (short)(POLLIN | (to_write ? POLLOUT : 0))};
    if (poll(&poll_fd, 1, (int)left) < 0 && errno != EINTR) return link_broke(link, err, strerror(errno));
    if (poll_fd.revents && !PQconsumeInput(link->connection)) return link_lost(link, err);
    return OK;
}

/* Sends what is queued and waits until PQgetResult would not wait. */
static Status wait_result(Link *link, Err *err) {
    Millis until = clock_steady(clock_system()) + link->deadline_ms;
    for (;;) {
        int unsent = PQflush(link->connection);
        if (unsent < 0) return link_lost(link, err);
        if (!unsent && !PQisBusy(link->connection)) return OK;
        TRY(wait_for(link, unsent > 0, until, err));
    }
}

typedef struct Drain {
    Status status; /* of the first statement that failed */
    PGresult *rows;
} Drain;

/* Takes the result over. What was skipped comes behind what failed. */
static void drain_result(Link *link, Drain *drain, PGresult *result, Err *err) {
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_TUPLES_OK) {
        PQclear(drain->rows);
        drain->rows = result;
        return;
    }
    if (kind == PGRES_PIPELINE_SYNC)
        link->syncs--;
    else if (kind != PGRES_COMMAND_OK && kind != PGRES_EMPTY_QUERY && drain->status == OK)
        drain->status = result_failed(link, result, err);
    PQclear(result);
}

/* Everything that was asked is answered, or the link is broken. rows: of the last statement that gave any. */
static Status link_drain(Link *link, PGresult **rows, Err *err) {
    Drain drain = {.status = OK};
    while (link->syncs > 0 && !link->broken) {
        Status status = wait_result(link, err);
        if (status != OK) {
            drain.status = status;
            break;
        }
        PGresult *result = PQgetResult(link->connection);
        if (result) drain_result(link, &drain, result, err);
        if (PQstatus(link->connection) == CONNECTION_BAD) drain.status = link_lost(link, err);
    }
    if (drain.status == OK && rows)
        *rows = drain.rows;
    else
        PQclear(drain.rows);
    return drain.status;
}

/* ---- asking ---- */

static Status link_queue(Link *link, const char *name, const Call *call, Err *err) {
    static const int binary[CALL_PARAMS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1};
    static const Call nothing;
    if (link->broken) return link_broke(link, err, "the connection is lost");
    if (!call) call = &nothing;
    if (!PQsendQueryPrepared(link->connection, name, call->count, call->values, call->lengths, binary, 1))
        return link_lost(link, err);
    link->queued++;
    return OK;
}

static Status link_mark(Link *link, Err *err) {
    if (!PQpipelineSync(link->connection)) return link_lost(link, err);
    link->queued = 0;
    link->syncs++;
    return OK;
}

Status link_sync(Link *link, Err *err) {
    if (link->broken) return link_broke(link, err, "the connection is lost");
    TRY(link_mark(link, err));
    return link_drain(link, NULL, err);
}

Status link_write(Link *link, int statement, const Call *call, Err *err) {
    TRY(link_queue(link, statements[statement].name, call, err));
    return link->queued < QUEUED_MAX ? OK : link_sync(link, err);
}

/* Of what was sent with libpq itself. */
Status link_rows(Link *link, PGresult **rows, Err *err) {
    TRY(link_mark(link, err));
    TRY(link_drain(link, rows, err));
    return *rows ? OK : err_set(err, E_INTERNAL, "the database gave no rows");
}

Status link_read_named(Link *link, const char *name, const Call *call, PGresult **rows, Err *err) {
    TRY(link_queue(link, name, call, err));
    return link_rows(link, rows, err);
}

Status link_read(Link *link, int statement, const Call *call, PGresult **rows, Err *err) {
    return link_read_named(link, statements[statement].name, call, rows, err);
}

void link_send(Link *link, int statement) {
    Err err;
    if (link_queue(link, statements[statement].name, NULL, &err) != OK || link_mark(link, &err) != OK) return;
    if (PQflush(link->connection) < 0) link->broken = true;
}

Status link_settle(Link *link, Err *err) {
    return link_drain(link, NULL, err);
}

/* Outside the pipeline: the simple protocol takes several statements at once. */
Status link_run(Link *link, const char *sql, Err *err) {
    Drain drain = {.status = OK};
    PGresult *result;
    TRY(link_drain(link, NULL, err));
    if (!PQexitPipelineMode(link->connection) || !PQsendQuery(link->connection, sql))
        return link_lost(link, err);
    do {
        Status status = wait_result(link, err);
        if (status != OK) {
            PQclear(drain.rows);
            return status;
        }
        result = PQgetResult(link->connection);
        if (result) drain_result(link, &drain, result, err);
    } while (result);
    PQclear(drain.rows);
    if (drain.status == OK && !PQenterPipelineMode(link->connection)) return link_lost(link, err);
    if (drain.status != OK) PQenterPipelineMode(link->connection);
    return drain.status;
}

/* ---- life ---- */

/* Ours first, so that the address may say otherwise. target_session_attrs: of several hosts the one that can
 * be written. */
static PGconn *connect_to(const char *url) {
    const char *const keywords[] = {"connect_timeout",
                                    "application_name",
                                    "target_session_attrs",
                                    "tcp_user_timeout",
                                    "keepalives_idle",
                                    "dbname",
                                    NULL};
    const char *const values[] = {"3", "relais", "read-write", "10000", "20", url, NULL};
    return PQconnectdbParams(keywords, values, 1);
}

/* libpq repeats an address that it cannot read, password and all. */
static Status url_check(const char *url, Err *err) {
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    if (!options) return err_set(err, E_INVALID, "the address of the database cannot be read");
    PQconninfoFree(options);
    return OK;
}

static Status link_begin(Link *link, const char *url, Err *err) {
    TRY(url_check(url, err));
    link->connection = connect_to(url);
    if (!link->connection) return err_set(err, E_LIMIT, "out of memory");
    if (PQstatus(link->connection) != CONNECTION_OK) return link_lost(link, err);
    PQsetNoticeReceiver(link->connection, notice_taken, link);
    if (PQsetnonblocking(link->connection, 1) != 0 || !PQenterPipelineMode(link->connection))
        return link_lost(link, err);
    return link_run(link, PG_SESSION, err);
}

Status link_open(Link **out, const char *url, Err *err) {
    Link *link = calloc(1, sizeof(*link));
    if (!link) return err_set(err, E_LIMIT, "out of memory");
    link->deadline_ms = STATEMENT_MS;
    link->fresh = true;
    Status status = link_begin(link, url, err);
    if (status != OK) {
        link_close(link);
        return status;
    }
    *out = link;
    return OK;
}

Status link_prepare(Link *link, Err *err) {
    for (size_t i = 0; i < COUNT(statements); i++)
        if (!PQsendPrepare(link->connection, statements[i].name, statements[i].sql, 0, NULL))
            return link_lost(link, err);
    TRY(pg_fields_prepare(link, err));
    return link_sync(link, err);
}

void link_close(Link *link) {
    if (!link) return;
    PQfinish(link->connection);
    free(link);
}

void link_close_auto(Link **link) {
    link_close(*link);
    *link = NULL;
}
