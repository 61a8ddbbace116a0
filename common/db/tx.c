#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/memory.h"
#include "common/db/handle.h"

struct Tx {
    Db *db;
    int level; /* 1 for a transaction, 2… for savepoints */
    bool committed;
};

static Status run_at_level(Db *db, const char *verb, int level, Err *err) {
    char sql[64];
    snprintf(sql, sizeof(sql), "%s level_%d", verb, level);
    return db_run(db, sql, err);
}

static void enter(Tx **out, Db *db) {
    Tx *tx = memory_get(sizeof(*tx));
    *tx = (Tx){db, ++db->open_tx, false};
    *out = tx;
}

Status tx_begin(Tx **out, Db *db, Err *err) {
    assert(db->open_tx == 0);
    TRY(db_run(db, "BEGIN IMMEDIATE", err));
    enter(out, db);
    return OK;
}

/* BEGIN alone takes no snapshot: the first read does. */
Status tx_begin_read(Tx **out, Db *db, Err *err) {
    assert(db->open_tx == 0);
    TRY(db_run(db, "BEGIN DEFERRED", err));
    Status status = db_run(db, "SELECT 1 FROM sqlite_schema LIMIT 1", err);
    if (status != OK) {
        sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
        return status;
    }
    enter(out, db);
    return OK;
}

Status tx_savepoint(Tx **out, Db *db, Err *err) {
    assert(db->open_tx > 0);
    TRY(run_at_level(db, "SAVEPOINT", db->open_tx + 1, err));
    enter(out, db);
    return OK;
}

Status tx_commit(Tx *tx, Err *err) {
    Db *db = tx->db;
    assert(!tx->committed && tx->level == db->open_tx);
    TRY(tx->level == 1 ? db_run(db, "COMMIT", err) : run_at_level(db, "RELEASE", tx->level, err));
    tx->committed = true;
    db->open_tx--;
    return OK;
}

/* A full disk, an I/O error or a lack of memory may have rolled everything back already. */
static void roll_back(Tx *tx) {
    Db *db = tx->db;
    assert(tx->level == db->open_tx);
    db->open_tx--;
    if (sqlite3_get_autocommit(db->sqlite)) return;
    Err err;
    if (tx->level == 1) {
        sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
    } else if (run_at_level(db, "ROLLBACK TO", tx->level, &err) != OK ||
               run_at_level(db, "RELEASE", tx->level, &err) != OK) {
        sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
    }
}

void tx_end(Tx **tx) {
    if (!*tx) return;
    if (!(*tx)->committed) roll_back(*tx);
    free(*tx);
    *tx = NULL;
}

bool db_in_tx(const Db *db) {
    return db->open_tx > 0;
}
