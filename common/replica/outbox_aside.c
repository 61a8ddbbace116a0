/* A damaged outbox is never thrown away: it is put beside as outbox.db.corrupt-<n>, and what can still be
 * read of it is taken over into a new one (README.md, A damaged outbox). */
#include "common/base/file.h"
#include "common/db/db.h"
#include "common/replica/view_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A disk that damages one outbox after the other is for the technician: more are not made, none is ever
 * deleted. */
enum { ASIDE_MAX = 4 };

static const char *aside_path(View *view, Arena *arena, int number, const char *tail) {
    return str_cstr(arena, str_print(arena, "%s.corrupt-%d%s", view->outbox_path, number, tail));
}

/* The highest number in use; 0: none was ever damaged. */
static int last_aside(View *view, Arena *arena) {
    int last = 0;
    for (int number = 1; number <= ASIDE_MAX; number++)
        if (file_exists(aside_path(view, arena, number, ""))) last = number;
    return last;
}

static Status move(const char *from, const char *to, Err *err) {
    if (rename(from, to) == 0 || errno == ENOENT) return OK;
    return err_from_errno(err, errno, "cannot set %s aside", from);
}

/* The -wal goes first: a kill in between must not leave it beside a new file, which would delete it. */
Status outbox_set_aside(View *view, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    static const char *const tails[] = {"-wal", "-shm", ""};
    int number = last_aside(view, arena) + 1;
    if (number > ASIDE_MAX)
        return err_set(err, E_CORRUPT, "%s is damaged, and so were %d before it: the disk is failing",
                       view->outbox_path, ASIDE_MAX);
    for (size_t i = 0; i < COUNT(tails); i++) {
        const char *from = str_cstr(arena, str_print(arena, "%s%s", view->outbox_path, tails[i]));
        TRY(move(from, aside_path(view, arena, number, tails[i]), err));
    }
    return OK;
}

/* ---- what can still be read ---- */

typedef struct Rescue {
    Db *from;
    Stmt *put;
    int64_t ops, last_pos;
    bool whole; /* every page that holds operations could be read */
} Rescue;

static bool is_op(Arena *arena, Str id, Str body) {
    Json *map = NULL;
    return uuid_is_valid(id) && json_parse(arena, body, &map, NULL) == OK && map->type == JSON_MAP_T &&
           json_get_text(map, "op").len > 0;
}

static Status take_op(Rescue *rescue, Stmt *row, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!is_op(arena, stmt_text(row, 1), stmt_text(row, 2))) {
        rescue->whole = false;
        return OK;
    }
    stmt_reset(rescue->put);
    stmt_bind_int(rescue->put, 1, stmt_int(row, 0));
    stmt_bind_text(rescue->put, 2, stmt_text(row, 1));
    stmt_bind_text(rescue->put, 3, stmt_text(row, 2));
    TRY(stmt_run(rescue->put, err));
    rescue->ops++;
    return OK;
}

/* From one end until a page cannot be read. Fails only where the new file cannot be written. */
static Status take_ops(Rescue *rescue, const char *sql, bool forward, Err *err) {
    AUTO(stmt_close_auto) Stmt *ops = NULL;
    Err unreadable = {0};
    bool row = false;
    Status status = stmt_open(&ops, rescue->from, sql, &unreadable);
    if (status == OK) stmt_bind_int(ops, 1, rescue->last_pos);
    while (status == OK && (status = stmt_step(ops, &row, &unreadable)) == OK && row) {
        if (forward) rescue->last_pos = stmt_int(ops, 0);
        TRY(take_op(rescue, ops, err));
    }
    if (status != OK) rescue->whole = false;
    return OK;
}

/* PINs that were tried go on being counted, as far as they can be read. */
static Status take_locks(Rescue *rescue, Db *to, Err *err) {
    AUTO(stmt_close_auto) Stmt *locks = NULL;
    AUTO(stmt_close_auto) Stmt *put = NULL;
    bool row = false;
    TRY(stmt_open(&put, to, "INSERT OR IGNORE INTO lock(person, failures, until) VALUES(?1, ?2, ?3)", err));
    if (stmt_open(&locks, rescue->from, "SELECT person, failures, until FROM lock", NULL) != OK) return OK;
    while (stmt_step(locks, &row, NULL) == OK && row) {
        stmt_reset(put);
        stmt_bind_text(put, 1, stmt_text(locks, 0));
        stmt_bind_int(put, 2, stmt_int(locks, 1));
        stmt_bind_int(put, 3, stmt_int(locks, 2));
        TRY(stmt_run(put, err));
    }
    return OK;
}

static Status take_all(Rescue *rescue, Db *to, Err *err) {
    if (!rescue->from) return OK;
    AUTO(stmt_close_auto) Stmt *put = NULL;
    TRY(stmt_open(&put, to, "INSERT OR IGNORE INTO op(pos, id, body) VALUES(?1, ?2, ?3)", err));
    rescue->put = put;
    TRY(take_ops(rescue, "SELECT pos, id, body FROM op WHERE pos > ?1 ORDER BY pos", true, err));
    if (!rescue->whole)
        TRY(take_ops(rescue, "SELECT pos, id, body FROM op WHERE pos > ?1 ORDER BY pos DESC", false, err));
    return take_locks(rescue, to, err);
}

/* ---- what is told ---- */

static Status put_fact(Db *db, const char *key, int64_t value, Err *err) {
    AUTO(stmt_close_auto) Stmt *put = NULL;
    TRY(stmt_open(&put, db, "INSERT OR REPLACE INTO health(key, value) VALUES(?1, ?2)", err));
    char text[32];
    snprintf(text, sizeof(text), "%lld", (long long)value);
    stmt_bind_text(put, 1, str_of(key));
    stmt_bind_text(put, 2, str_of(text));
    return stmt_run(put, err);
}

static Status get_fact(Db *db, const char *key, int64_t *out, Err *err) {
    AUTO(stmt_close_auto) Stmt *get = NULL;
    bool row = false;
    *out = 0;
    TRY(stmt_open(&get, db, "SELECT value FROM health WHERE key = ?1", err));
    stmt_bind_text(get, 1, str_of(key));
    TRY(stmt_step(get, &row, err));
    if (row && !str_to_int(stmt_text(get, 0), out)) *out = 0;
    return OK;
}

static Status note_aside(View *view, int number, const Rescue *rescue, Err *err) {
    TRY(put_fact(view->outbox, "aside", number, err));
    TRY(put_fact(view->outbox, "aside_at", clock_wall(view->clock), err));
    TRY(put_fact(view->outbox, "aside_ops", rescue->ops, err));
    return put_fact(view->outbox, "aside_whole", rescue->whole, err);
}

static Status rescue_from(View *view, int number, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(db_close_auto) Db *from = NULL;
    DbOptions reading = {.mode = DB_READ};
    bool there = db_open(&from, aside_path(view, arena, number, ""), &reading, NULL) == OK;
    Rescue rescue = {.from = there ? from : NULL, .whole = there, .last_pos = INT64_MIN};
    AUTO(tx_end) Tx *tx = NULL;
    TRY(tx_begin(&tx, view->outbox, err));
    TRY(take_all(&rescue, view->outbox, err));
    TRY(note_aside(view, number, &rescue, err));
    return tx_commit(tx, err);
}

Status outbox_rescue(View *view, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    int64_t known = 0, whole = 0;
    int last = last_aside(view, arena);
    TRY(get_fact(view->outbox, "aside", &known, err));
    if (known < last) TRY(rescue_from(view, last, err));
    view->aside = (OutboxAside){.number = last};
    if (!last) return OK;
    TRY(get_fact(view->outbox, "aside_at", &view->aside.at, err));
    TRY(get_fact(view->outbox, "aside_ops", &view->aside.ops, err));
    TRY(get_fact(view->outbox, "aside_whole", &whole, err));
    view->aside.whole = whole != 0;
    return OK;
}
