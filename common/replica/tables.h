/* The tables of replica.db and outbox.db: who reads them needs their shape, so both stand here. */
#pragma once

#include "common/db/db.h"

/* replica.db, whole: tables, indexes of hot fields, a view per kind. Made anew where the program knows other
 * kinds than the file. */
CHECKED Status tables_make(Db *db, Err *err);

/* outbox.db, made by the kiosk. */
CHECKED Status outbox_tables_make(Db *db, Err *err);
