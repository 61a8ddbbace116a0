/* Content as people write it (assets/content/README.md) → records, and back. Pure but for what comes through
 * Records and ContentHub: no file, no network, no clock. syncd/content/README.md has the idea and the
 * invariants. */
#pragma once

#include "common/base/clock.h"
#include "common/records/records.h"

enum {
    CONTENT_FILES_MAX = 2000,
    CONTENT_BYTES_MAX = 64 * 1024 * 1024, /* of all files of an import */
    CONTENT_TEXT_MAX = 16 * 1024 * 1024,  /* of one CSV */
    CONTENT_LINES_MAX = 50000,            /* filled lines of one CSV */
    CONTENT_LINE_BYTES_MAX = 256 * 1024,  /* from line feed to line feed */
    CONTENT_COLUMNS_MAX = 64,
    CONTENT_BLOB_MAX = 8 * 1024 * 1024,
    CONTENT_ERRORS_MAX = 100, /* kept with their text; more are counted */
    CONTENT_VALUE_SHOWN_MAX = 80
};

typedef struct ContentFile {
    Str name;  /* path in the imported folder, "/" between parts: "livret/badge.md" */
    Str bytes; /* as it stood on disk */
} ContentFile;

typedef struct ContentRequest {
    const ContentFile *files;
    size_t file_count;
    Str owner;     /* org where a line names none; may be absent */
    Str scope;     /* audience where a line names none; may be absent */
    Str base_date; /* "2026-11-24": what J stands for */
    bool partial;  /* take what is right of a file that has errors */
} ContentRequest;

/* What only a hub can do for an import. Tests have one in memory. */
typedef struct ContentHub ContentHub;
struct ContentHub {
    /* Slow hashes of what may not be kept in clear; E_INVALID where the value does not have the form, E_BUSY
     * where no more can be hashed now: then content_pending says how many are left. */
    Status (*hash_badge)(ContentHub *hub, Str org, Str badge, Arena *arena, Str *out, Err *err);
    Status (*hash_code)(ContentHub *hub, Str code, Arena *arena, Str *out, Err *err);
    /* Keyed with a secret of the hub that never leaves it; covers what the hashes of `org` depend on (its
     * salt), so that a new salt makes the same badges count as changed. */
    Status (*mac)(ContentHub *hub, Str org, Str bytes, Arena *arena, Str *out, Err *err);

    /* What an import remembers of a record beside it: E_NOTFOUND where there is nothing. */
    Status (*note_get)(ContentHub *hub, Str key, Arena *arena, Str *out, Err *err);
    Status (*note_put)(ContentHub *hub, Str key, Str value, Err *err);

    Status (*put_blob)(ContentHub *hub, Str sha256, Str bytes, Err *err);

    /* The operation register, at that time, by an administrator for somebody; *verdict is a static word. */
    Status (*judge_register)(ContentHub *hub, Records *records, Str event, Str person, Millis at,
                             Arena *arena, const char **verdict, bool *rejected, Err *err);

    /* An event that was there has changed: seats follow (rules_event_changed). NULL: nothing follows. */
    Status (*event_changed)(ContentHub *hub, Records *records, Str event, Arena *arena, Err *err);

    /* May whoever imports write this? E_DENIED with the reason. NULL: everything. `org` is the owner, absent
     * where the kind has none. */
    Status (*may_write)(ContentHub *hub, Kind kind, Str scope, Str org, Err *err);
};

typedef struct ContentError {
    int line, column; /* from 1; 0 where it is about the whole file or line */
    Str field;        /* the column or key as it is written in the file; may be absent */
    Str value;        /* at most CONTENT_VALUE_SHOWN_MAX bytes; never a secret */
    const char *code; /* stable word */
    Str message;      /* one sentence */
} ContentError;

typedef struct ContentFileReport {
    Str name;
    int created, changed, unchanged, removed; /* records */
    ContentError *errors;
    size_t error_count; /* that are kept */
    int error_total;
    bool refused; /* nothing of it is taken */
} ContentFileReport;

typedef struct ContentPlan ContentPlan;

/* Reads all files and says what they would change. Writes nothing. Fails only where the store or the request
 * does (too many files, a base date that is none): whatever is wrong in a file stands in its report. The plan
 * lives in the arena; `records` must stay open until it was applied, in the same transaction. */
CHECKED Status content_plan(Arena *arena, const ContentRequest *request, Records *records, ContentHub *hub,
                            ContentPlan **out, Err *err);

/* Puts and removes what the plan says, keeps its notes and blobs. Not called for a dry run. */
CHECKED Status content_apply(ContentPlan *plan, Records *records, ContentHub *hub, Err *err);

/* Secrets that the hub had no time to hash: the plan cannot be applied. content_keep_hashes keeps those that
 * it had time for, so that planning again gets further: a large import takes several short turns instead of a
 * long one. */
int content_pending(const ContentPlan *plan);
CHECKED Status content_keep_hashes(ContentPlan *plan, ContentHub *hub, Err *err);

size_t content_file_count(const ContentPlan *plan);
const ContentFileReport *content_file_report(const ContentPlan *plan, size_t index);
int content_error_total(const ContentPlan *plan);

/* COMMANDS:
 * {"files":[{"file","created","changed","unchanged","removed","error_count","errors":[…]}],"created",…}. */
void content_report_write(const ContentPlan *plan, Arena *arena, Buf *out);

/* "2026-11-24", the day in that zone: what J stands for where nobody says. */
Str content_day(Arena *arena, Str zone, Millis at);

/* Is this a name that an import takes by itself ("people.csv", "livret/a.md")? A command line asks it to name
 * what it sends. */
bool content_name_is_known(Str name);
/* The folder of that name holds content ("livret"), or pictures ("images"). */
bool content_folder_is_known(Str name);

/* ---- export ---- */
typedef struct ContentOut ContentOut; /* one file to be written */
struct ContentOut {
    Str name, bytes;
};

typedef enum ContentFormat { CONTENT_CSV, CONTENT_MARKDOWN } ContentFormat;

/* Records of one kind, sorted by id → files that an import takes back unchanged where the kind has such a
 * form; other kinds become a table of all their fields but the secret ones. E_NOTFOUND where the kind has no
 * Markdown form. Steps and quotas go with their path and event: `parts` are those, sorted by id. */
CHECKED Status content_export(Arena *arena, Kind kind, ContentFormat format, const StoredRecord *records,
                              size_t count, const StoredRecord *parts, size_t part_count, ContentOut **out,
                              size_t *out_count, Err *err);
Kind content_parts_of(Kind kind); /* K_step of K_path, K_quota of K_event, else K_unknown */
