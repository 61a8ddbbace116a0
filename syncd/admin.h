/* syncd admin: what an administrator asks of a running hub, over HTTP. One file per group of words; admin.c
 * has the table. */
#pragma once

#include "common/base/json.h"
#include "common/config/config.h"
#include "syncd/agent/http_client.h"

#include <stddef.h>
#include <stdio.h>

#define ADMIN_OPTIONS(X)                                                                                     \
    X(TEXT, hub, "URL", NULL, USE_REQUIRED, "the hub's address")                                             \
    X(SECRET, token, "", NULL, USE_OPTION, "the administrator's token")                                      \
    X(FLAG, insecure_lan, "", NULL, USE_OPTION, "speak plain HTTP beyond loopback")                          \
    X(FLAG, json, "", NULL, USE_OPTION, "print the hub's answer as it is")                                   \
    X(TEXT, site, "ID", NULL, USE_OPTION, "approve: where the kiosk stands")                                 \
    X(TEXT, name, "NAME", NULL, USE_OPTION, "approve: what the kiosk is called")                             \
    X(FLAG, stolen, "", NULL, USE_OPTION, "revoke: void badges and codes of its organisation")               \
    X(TEXT, if_match, "HASH", NULL, USE_OPTION, "put, delete: only if the record still has this hash")       \
    X(FLAG, dry_run, "", NULL, USE_OPTION, "import: say what would change, change nothing")                  \
    X(FLAG, partial, "", NULL, USE_OPTION, "import: take the right lines of a file that has wrong ones")     \
    X(TEXT, owner, "ORG", NULL, USE_OPTION, "import: the organisation where a line names none")              \
    X(TEXT, scope, "SCOPE", NULL, USE_OPTION, "import: the audience where a line names none")                \
    X(TEXT, base_date, "YYYY-MM-DD", NULL, USE_OPTION,                                                       \
      "import: what J stands for; today where it is not said")                                               \
    X(CHOICE, format, "json|csv|md", "json", USE_OPTION, "export: how it is written")                        \
    X(PATH, out, "PATH", NULL, USE_OPTION, "export: file or folder; standard output where it is not said")   \
    X(TEXT, verb, "WORD", NULL, USE_POSITIONAL_REQUIRED,                                                     \
      "status, devices, approve, revoke, get, put, delete, import or export")                                \
    X(PATHS, words, "WHAT", NULL, USE_POSITIONAL,                                                            \
      "what the word needs: CODE, DEVICE, KIND ID, KIND ID FILE, PATH…")

typedef struct AdminSettings {
    ADMIN_OPTIONS(CONFIG_MEMBER)
} AdminSettings;

typedef struct Admin {
    const AdminSettings *settings;
    HttpClient *client;
    Arena *arena;
} Admin;

/* Sends, and fails where the hub does not answer with success. */
CHECKED Status admin_call(Admin *admin, const HttpCall *call, HttpAnswer *out, Err *err);
CHECKED Status admin_get_json(Admin *admin, const char *path, Json **out, Str *raw, Err *err);
const char *admin_record_path(Admin *admin, const char *kind, const char *id); /* id NULL = the list */

/* Aligned columns for people; rows are arrays of `columns` texts. */
typedef struct TextTable {
    Arena *arena;
    size_t columns, count, capacity;
    Str *cells;
} TextTable;
TextTable text_table_new(Arena *arena, size_t columns);
void text_table_add(TextTable *table, const Str *row);
void text_table_print(const TextTable *table, FILE *to);
Str text_ago(Arena *arena, Millis then, Millis now); /* "3 min", "2 d"; "never" for 0 */

CHECKED Status admin_status(Admin *admin, Err *err);
CHECKED Status admin_devices(Admin *admin, Err *err);
CHECKED Status admin_approve(Admin *admin, Err *err);
CHECKED Status admin_revoke(Admin *admin, Err *err);
CHECKED Status admin_get(Admin *admin, Err *err);
CHECKED Status admin_put(Admin *admin, Err *err);
CHECKED Status admin_delete(Admin *admin, Err *err);
CHECKED Status admin_import(Admin *admin, Err *err);
CHECKED Status admin_export(Admin *admin, Err *err);
