/* The tables: made in a schema of their own, brought to this program's version when a store is opened. */
#include "syncd/hub/store_postgres.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const migrations[] = PG_MIGRATIONS;

enum { INDEXES_SQL_MAX = 64 * 1024, SCHEMA_MS = 5 * MINUTE_MS };

/* ---- hot fields: an index, and a statement that asks by it ---- */

typedef Status (*FieldDo)(void *self, Kind kind, const FieldInfo *field, Err *err);

static Status fields_each(void *self, FieldDo act, Err *err) {
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const KindInfo *info = kind_info((Kind)kind);
        for (size_t i = 0; i < info->field_count; i++)
            if (info->fields[i].flags & HOT) TRY(act(self, (Kind)kind, &info->fields[i], err));
    }
    return OK;
}

static Status index_print(void *self, Kind kind, const FieldInfo *field, Err *err) {
    (void)err;
    const char *name = kind_info(kind)->name;
    buf_print(self,
              "CREATE INDEX IF NOT EXISTS record_%s_%s ON record((doc::json->>'%s') COLLATE \"C\", id)"
              " WHERE kind='%s';",
              name, field->name, field->name, name);
    return OK;
}

const char *pg_field_statement(Kind kind, const FieldInfo *field, char *name, size_t size) {
    snprintf(name, size, "by_%s_%s", kind_info(kind)->name, field->name);
    return name;
}

/* The index is partial, so the kind must stand in the SQL. */
static Status field_prepare(void *self, Kind kind, const FieldInfo *field, Err *err) {
    Link *link = self;
    char name[80];
    AUTO(buf_free) Buf sql = buf_new(1024);
    buf_print(&sql,
              "SELECT id, scope, seq, doc FROM record WHERE kind='%s' AND (doc::json->>'%s') COLLATE \"C\"=$1"
              " AND id>$2 ORDER BY id LIMIT $3",
              kind_info(kind)->name, field->name);
    if (PQsendPrepare(link->connection, pg_field_statement(kind, field, name, sizeof(name)), sql.at, 0, NULL))
        return OK;
    return err_set(err, E_BUSY, "the database cannot be reached");
}

Status pg_fields_prepare(Link *link, Err *err) {
    return fields_each(link, field_prepare, err);
}

/* ---- versions ---- */

static Status ask_int(Link *link, const char *sql, int64_t *out, Err *err) {
    AUTO_ROWS rows = NULL;
    if (!PQsendQueryParams(link->connection, sql, 0, NULL, NULL, NULL, NULL, 1))
        return err_set(err, E_BUSY, "the database cannot be reached");
    TRY(link_rows(link, &rows, err));
    *out = PQntuples(rows) == 1 ? row_int(rows, 0, 0) : 0;
    return OK;
}

static Status version_too_new(int64_t version, Err *err) {
    return err_set(err, E_VERSION,
                   "the store has version %" PRId64 ", this program knows %zu: use a newer one", version,
                   COUNT(migrations));
}

/* In one transaction, held by the lock of the table: of two processes that start, the second finds everything
 * done. */
static Status migrate_from(Link *link, size_t version, Err *err) {
    AUTO(buf_free) Buf sql = buf_new(INDEXES_SQL_MAX);
    for (size_t i = version; i < COUNT(migrations); i++) buf_print(&sql, "%s;", migrations[i]);
    TRY(fields_each(&sql, index_print, err));
    buf_print(&sql, "UPDATE version SET version=%zu; COMMIT", COUNT(migrations));
    if (sql.over) return err_set(err, E_INTERNAL, "the schema is too long");
    return link_run(link, sql.at, err);
}

static Status migrate_locked(Link *link, Err *err) {
    int64_t version = 0;
    TRY(link_run(link, "BEGIN; LOCK TABLE version IN EXCLUSIVE MODE", err));
    TRY(ask_int(link, "SELECT version::bigint FROM version", &version, err));
    if (version > (int64_t)COUNT(migrations)) return version_too_new(version, err);
    return migrate_from(link, (size_t)version, err);
}

static Status migrate(Link *link, Err *err) {
    link->deadline_ms = SCHEMA_MS;
    Status status = migrate_locked(link, err);
    Err ignored;
    if (status != OK && !link->broken && link_run(link, "ROLLBACK", &ignored) != OK) link->broken = true;
    link->deadline_ms = STATEMENT_MS;
    return status;
}

static Status schema_is_there(Link *link, bool *out, Err *err) {
    int64_t count = 0;
    TRY(ask_int(link, "SELECT count(*) FROM pg_namespace WHERE nspname='relais'", &count, err));
    *out = count > 0;
    return OK;
}

/* A new hot field of a new release gets its index here too. */
Status pg_schema_open(Link *link, Err *err) {
    bool there = false;
    TRY(schema_is_there(link, &there, err));
    if (!there)
        return err_set(err, E_NOTFOUND, "there is no store in this database: make one with syncd init");
    return migrate(link, err);
}

Status pg_schema_create(Link *link, Err *err) {
    bool there = false;
    TRY(schema_is_there(link, &there, err));
    if (there) return err_set(err, E_EXISTS, "this database has a store already, which is left as it is");
    TRY(link_run(link,
                 "CREATE SCHEMA relais CREATE TABLE version(version BIGINT NOT NULL);"
                 "INSERT INTO relais.version VALUES(0)",
                 err));
    return migrate(link, err);
}

Status pg_schema_drop(Link *link, Err *err) {
    return link_run(link, "DROP SCHEMA IF EXISTS relais CASCADE", err);
}
