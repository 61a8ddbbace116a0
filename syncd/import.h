/* Import at the hub: syncd/content over a store. One road for POST /v1/import and for `syncd init --content`.
 */
#pragma once

#include "syncd/content/content.h"
#include "syncd/hub/hub.h"

enum { IMPORT_BODY_MAX = 64 * 1024 * 1024, IMPORT_HASHES_A_TURN = 60 };

#define IMPORT_ROUTE                                                                                         \
    { "POST", "/v1/import", HTTP_ADMIN, HTTP_IN_TURN, IMPORT_BODY_MAX, import_handle }
Status import_handle(HttpRequest *request, Err *err);

/* What content asks of a hub, answered inside one writing transaction. */
typedef struct ImportHub {
    ContentHub content; /* first */
    StoreTx *tx;
    HttpRequest *request; /* who imports; NULL = the owner of the machine, who may write everything */
    const char *blobs_dir;
    bool dry;
    int hashes_left; /* of this turn; -1 = as many as it takes */
    Str secret;
} ImportHub;

CHECKED Status import_hub_open(ImportHub *out, StoreTx *tx, Arena *arena, Err *err);

/* Files below a folder, names relative to it, hidden ones left out. */
CHECKED Status import_folder_read(Arena *arena, const char *path, ContentFile **out, size_t *count, Err *err);
Str import_today(Arena *arena, Millis now); /* in Europe/Paris: what J stands for by default */

/* The whole of a folder into a new store. Errors go to standard error, a line each; any makes it fail. */
CHECKED Status import_folder(Store *store, const char *path, const char *blobs_dir, Str base_date, Err *err);
