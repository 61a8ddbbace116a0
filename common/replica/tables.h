/* The tables of replica.db and outbox.db: who reads them needs their shape, so both stand here. */
#pragma once

#include "common/db/db.h"

/* replica.db, whole: tables, indexes of hot fields, a view per kind. Made anew where the program knows other
 * kinds than the file. */
CHECKED Status tables_make(Db *db, Err *err);

/* replica.db, to be read. On a disk that nobody can write SQLite cannot make the -shm it needs; then the file
 * is read as it lies there. E_NOTFOUND only where there is none. */
CHECKED Status replica_file_open(Db **out, const char *path, int cache_kib, Err *err);

/* outbox.db, made by the kiosk. */
CHECKED Status outbox_tables_make(Db *db, Err *err);
