/* What the files of this folder share: an import under way, the file and the line being read. */
#pragma once

#include "syncd/content/content.h"
#include "syncd/content/overlay.h"
#include "syncd/content/table.h"

typedef struct Draft { /* a record as it shall be */
    Kind kind;
    Str id, scope;
    Json *doc;
    Str bytes; /* of doc, canonical */
    bool remove;
    bool once; /* left alone where it exists */
} Draft;

typedef struct Reference { /* a record that must be there */
    Kind kind;
    Str id;
    Cell cell;
    const char *column; /* its name in messages */
    Str org;            /* that a person must be of; absent = any */
} Reference;

typedef struct Note {
    Str key, value;
    bool secret; /* which hash a secret has become */
} Note;

typedef struct RegisterLine {
    Str event, person, id;
    Millis at;
} RegisterLine;

/* What one line becomes. Lists are arrays in the arena with room for what a line can hold; they grow by
 * list_grow. */
typedef struct Candidate {
    int line;
    Cell key; /* where its id is written */
    bool refused;
    int pending;   /* secrets that are not hashed yet */
    Draft *drafts; /* the first one is the line's own record */
    size_t draft_count, draft_capacity;
    Reference *references;
    size_t reference_count, reference_capacity;
    Note *notes;
    size_t note_count, note_capacity;
    RegisterLine *registration; /* or NULL */
} Candidate;

typedef struct Blob {
    Str sha256, bytes;
} Blob;

typedef struct FileState {
    const ContentFile *file;
    const FileType *type; /* NULL: not content by itself */
    Issues issues;
    ContentFileReport report;
    Candidate **candidates;
    size_t candidate_count, candidate_capacity;
    Blob *blobs;
    size_t blob_count, blob_capacity;
    bool used;          /* named by another file */
    bool whole_refused; /* an error that is about no single line */
} FileState;

struct ContentPlan {
    Arena *arena;
    const ContentRequest *request;
    ContentHub *hub;
    Overlay overlay;
    FileState *files;
    size_t file_count;
    FileState **order; /* as they were taken: reports keep it */
    size_t *by_name;   /* hash table of file names, index + 1 */
    size_t by_name_size;
    int64_t base_day;
    size_t error_room;
    /* ids met in this import: where a second one is an error, and why a reference into a refused file fails
     */
    struct SeenId *seen;
    size_t seen_count, seen_capacity;
    size_t *seen_buckets, seen_bucket_count;
    Note *notes;
    size_t note_count, note_capacity;
    int pending;
};

typedef struct SeenId {
    Kind kind;
    Str id;
    const FileState *file;
    const Candidate *candidate; /* of the file being read; may be refused */
    int line;
    size_t next;
} SeenId;

/* One line being read. */
typedef struct RowReader {
    ContentPlan *plan;
    FileState *file;
    const FileType *type;
    const Table *table;
    const Row *row;
    const Column **columns; /* of the table; NULL where the name is unknown */
    Str *langs;
    Candidate *candidate;
    Str org, id, scope, zone;
    const struct RowReader *path; /* of a step: the line of its path */
    bool existed;
    Str old_scope;
    const Json *old;  /* the record as it is now, or NULL */
    int64_t base_day; /* what J is for this line */
    bool base_kept, base_used;
    Json *doc;
    Json **values; /* by column of the type; NULL where nothing was written */
} RowReader;

void *list_grow(Arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);
#define LIST_ADD(arena, items, count, capacity)                                                              \
    ((items) = list_grow((arena), (items), (count), &(capacity), sizeof *(items)), &(items)[(count)++])

/* ---- value.c: one cell → JSON. NULL after an issue at the cell. ---- */
Json *value_read(RowReader *reader, const Column *column, Cell cell);
void row_issue(RowReader *reader, const Column *column, Cell cell, const char *code, const char *format, ...)
    PRINTF(5, 6);
Reference *refer(RowReader *reader, const Column *column, Kind kind, Str id, Cell cell);
Str column_name(const Column *column);

/* ---- moment.c: dates and times ---- */
typedef struct DateContext {
    int64_t base_day;
    bool *base_used;
} DateContext;
bool day_read(Str text, int64_t base_day, bool *base_used, int64_t *day); /* days since 1970-01-01 */
Str day_write(Arena *arena, int64_t day);                                 /* "2026-11-24" */
bool clock_read(Str text, int *minutes);                                  /* "14:00" */
bool zone_is_known(Arena *arena, Str zone);
/* False where that hour does not exist (the clock goes forward). */
bool moment_in_zone(Arena *arena, Str zone, int64_t day, int minutes, Millis *out);
void moment_split(Arena *arena, Str zone, Millis at, int64_t *day, int *minutes);

/* ---- identity.c: ids that are derived ---- */
Str person_id(Arena *arena, Str org, Str number); /* a UUID stays as it is */
Str event_id(Arena *arena, Str uid);
Str numbered_id(Arena *arena, Kind kind, Str org, Str number);
void seen_add(ContentPlan *plan, Kind kind, Str id, const FileState *file, const Candidate *candidate,
              int line);
const SeenId *seen_find(const ContentPlan *plan, Kind kind, Str id);

/* ---- picture.c ---- */
FileState *file_find(const ContentPlan *plan, Str name);
/* The path in a cell or a Markdown link → "blob:<sha256>"; absent after an issue. */
Str picture_take(RowReader *reader, const Column *column, Cell cell, Str path);
/* Markdown with its pictures as blobs; absent after an issue. */
Str markdown_read(RowReader *reader, const Column *column, Cell cell);

/* ---- row.c ---- */
/* Each row becomes a candidate of the file. Only the store fails; what is wrong is in the file's issues. */
CHECKED Status table_take(ContentPlan *plan, FileState *file, const FileType *type, const Table *table,
                          const RowReader *path, Err *err);
Draft *draft_add(RowReader *reader, Kind kind, Str id, Str scope, Json *doc);
const Cell *cell_of(const RowReader *reader,
                    const Column *column); /* NULL where the table has no such column */
Json *value_of(const RowReader *reader, const char *french);

/* ---- finish.c: what is particular to a kind, after its fields were taken ---- */
CHECKED Status row_finish(RowReader *reader, Err *err);
CHECKED Status secrets_take(RowReader *reader, Err *err);
CHECKED Status drafts_check(RowReader *reader, Err *err); /* schema, size, right to write */

/* ---- settle.c: what the lines of a file want → the overlay ---- */
CHECKED Status file_settle(ContentPlan *plan, FileState *file, Err *err);
