/* Kinds, their structs and their codec: everything here is generated from kinds.def.
 *
 * A document decodes leniently (a newer hub may have added fields and words: they are kept and survive
 * re-encoding through meta.source) and is validated strictly where it enters the hub. Strings of a decoded
 * struct live in the arena given. */
#pragma once

#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/json.h"
#include "common/base/str.h"
#include "common/schema/kinds.def"

/* ---- words: OrgType_city …; 0 = absent, -1 = a word this version does not know ---- */
#define SCHEMA_WORD(E, word) E##_##word,
#define SCHEMA_WORD_SET(Enum, PREFIX)                                                                        \
    typedef enum Enum {                                                                                      \
        Enum##_unknown = -1,                                                                                 \
        Enum##_absent = 0,                                                                                   \
        PREFIX##_WORDS(SCHEMA_WORD, Enum) Enum##_count                                                       \
    } Enum;
WORD_SETS(SCHEMA_WORD_SET)

typedef struct TextList {
    Str *at;
    size_t count;
} TextList;

#define INT53_MAX ((int64_t)9007199254740991) /* PROTOCOL 1: integers within ± this */
#define INT_ABSENT INT64_MIN                  /* an INT or TIME that is not in the document */
typedef enum Truth { TRUTH_ABSENT = -1, TRUTH_NO = 0, TRUTH_YES = 1 } Truth;

typedef struct RecordMeta {
    Str id, scope;
    int64_t seq;        /* 0 for what the hub has not ordered: a new record, a draft */
    bool draft;         /* shown as provisional */
    const Json *source; /* the document as decoded, unknown fields included; NULL for a new one */
} RecordMeta;

/* ---- structs: Event e; e.meta.id, e.title, e.starts … ---- */
#define SCHEMA_MEMBER_TEXT(name, detail) Str name;
#define SCHEMA_MEMBER_NAMED(name, detail) Str name;
#define SCHEMA_MEMBER_BODY(name, detail) Str name;
#define SCHEMA_MEMBER_DATE(name, detail) Str name;
#define SCHEMA_MEMBER_REF(name, detail) Str name;
#define SCHEMA_MEMBER_LIST(name, detail) TextList name;
#define SCHEMA_MEMBER_REFS(name, detail) TextList name;
#define SCHEMA_MEMBER_INT(name, detail) int64_t name;
#define SCHEMA_MEMBER_TIME(name, detail) Millis name;
#define SCHEMA_MEMBER_BOOL(name, detail) Truth name;
#define SCHEMA_MEMBER_WORD(name, detail) detail name;
#define SCHEMA_MEMBER_JSON(name, detail) const Json *name;
#define SCHEMA_MEMBER(TYPE, name, flags, detail) SCHEMA_MEMBER_##TYPE(name, detail)
#define SCHEMA_STRUCT(kind, Struct, FIELDS, id_form, scope, writer, flags)                                   \
    typedef struct Struct {                                                                                  \
        RecordMeta meta;                                                                                     \
        FIELDS(SCHEMA_MEMBER)                                                                                \
    } Struct;
KINDS(SCHEMA_STRUCT)

/* ---- kinds: K_event … ---- */
#define SCHEMA_KIND(kind, Struct, FIELDS, id_form, scope, writer, flags) K_##kind,
typedef enum Kind { K_unknown = -1, KINDS(SCHEMA_KIND) KIND_COUNT } Kind;

typedef enum FieldType {
    FIELD_TEXT,
    FIELD_BODY,
    FIELD_LIST,
    FIELD_INT,
    FIELD_BOOL,
    FIELD_TIME,
    FIELD_DATE,
    FIELD_WORD,
    FIELD_REF,
    FIELD_REFS,
    FIELD_JSON
} FieldType;
enum { OPTIONAL = 0, REQUIRED = 1, HOT = 2, SECRET = 4 }; /* FieldInfo.flags */
enum { PERSONAL = 1, SEARCHABLE = 2 };                    /* KindInfo.flags */
typedef enum KindScope {
    SCOPE_PUBLIC,
    SCOPE_AUDIENCE,
    SCOPE_EVENT,
    SCOPE_PERSON,
    SCOPE_ORG,
    SCOPE_SITE,
    SCOPE_DEVICE,
    SCOPE_MODERATED
} KindScope;
typedef enum KindWriter { WRITER_ADMIN, WRITER_RULES, WRITER_HUB } KindWriter;

typedef struct WordSet {
    const char *const *words; /* words[0] is the word of value 1 */
    int count;
} WordSet;

typedef struct FieldInfo {
    const char *name; /* in the document */
    FieldType type;
    int flags;
    size_t offset;        /* in the kind's struct */
    const WordSet *words; /* FIELD_WORD */
    Kind target;          /* FIELD_REF, FIELD_REFS; else K_unknown */
    int64_t least, most;  /* FIELD_INT */
} FieldInfo;

typedef struct KindInfo {
    const char *name;
    size_t struct_size;
    const FieldInfo *fields;
    size_t field_count;
    const char *id_form; /* see kinds.def */
    KindScope scope;
    KindWriter writer;
    int flags;
} KindInfo;

/* Bytes of UTF-8, but for LIST_FIELD_MAX, which counts items. */
enum { DOC_MAX = 128 * 1024, TEXT_FIELD_MAX = 1000, BODY_FIELD_MAX = 100 * 1024, LIST_FIELD_MAX = 2000 };

Kind kind_from_name(Str name); /* K_unknown for one this version does not know */
const KindInfo *kind_info(Kind kind);
const FieldInfo *kind_field(Kind kind, Str name);     /* NULL when it has none of that name */
const char *word_name(const WordSet *set, int value); /* NULL when it is none of the set */
int word_value(const WordSet *set, Str word); /* 0 for an absent text, -1 for a word the set does not have */
const WordSet *word_set_of(Kind kind, const char *field);

/* Empties a struct of that kind: absent everywhere. Always before filling one by hand. */
void schema_clear(Kind kind, void *out);

/* Document → struct. A known field of the wrong type is E_INVALID with err->field; unknown fields are kept.
 * meta.id and meta.scope are left absent for the caller to set. */
CHECKED Status schema_decode(Kind kind, Arena *arena, Str doc, void *out, Err *err);
CHECKED Status schema_decode_json(Kind kind, Arena *arena, const Json *doc, void *out, Err *err);

/* Struct → canonical JSON (PROTOCOL 1) in the arena; unknown fields of meta.source are kept. */
CHECKED Status schema_encode(Kind kind, Arena *arena, const void *in, Str *doc, Err *err);

/* The translation of a text field that the record carries in `tr` ({"en":{"title":"…"}}), or `otherwise`. */
Str schema_translated(const RecordMeta *meta, Str lang, const char *field, Str otherwise);

/* What the hub demands of a record before it takes it: id and scope fit the kind, required fields are there,
 * types, words, dates and lengths are right, integers within ±(2^53−1), texts NFC. E_INVALID names the field
 * in err->field. */
CHECKED Status schema_validate(Kind kind, Str id, Str scope, const Json *doc, Err *err);

/* "CREATE TEMP VIEW"-less SELECT of a kind over a table or subquery `source` that has columns
 * kind,id,scope,seq,doc: SELECT id, scope, seq, doc, doc->>'title' AS "title", … FROM <source> WHERE
 * kind='event' A field named like one of those columns is called <kind>_<field> in the view (borrow_id). */
void schema_view_select(Buf *out, Kind kind, const char *source);

/* "CREATE INDEX IF NOT EXISTS record_event_starts ON record(doc->>'starts', id) WHERE kind='event';" for each
 * hot field of each kind. `table` may carry a schema name ("replica.record"). */
void schema_index_sql(Buf *out, const char *table);
void schema_all_views_sql(Buf *out,
                          const char *table); /* CREATE VIEW IF NOT EXISTS "event" AS …; for each kind */

/* The reference page of the data model, Markdown, generated. */
void schema_reference(Buf *out);
