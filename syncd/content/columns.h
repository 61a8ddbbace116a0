/* The files people write and what their columns become: assets/content/README.md as tables. */
#pragma once

#include "common/schema/schema.h"

typedef enum ValueType {
    V_TEXT,
    V_BODY,
    V_ID,
    V_REF,
    V_REFS,
    V_CODES,
    V_TEXTS,
    V_YES_NO,
    V_NUMBER,
    V_DATE,
    V_TIME,
    V_TIMES,
    V_HALVES,
    V_COUNTS,
    V_PICTURE,
    V_SCOPE,
    V_AGENT,
    V_EVENT,
    V_WORD,
    V_WORDS,
    V_NUMBER_WORD,
    V_COLOUR,
    V_PROGRAMME,
    V_ZONE,
    V_NUMBERS,
    V_CLOCK,
    V_SECRET
} ValueType;

enum {
    COL_REQUIRED = 1,
    COL_ONCE = 2, /* taken when the record is created, left alone afterwards */
    COL_TRANSLATES = 4,
    COL_DAY_OK = 8, /* a time may be a date alone: 00:00 */
    COL_OWNER = 16, /* the org of the line; the owner of the import where the cell is empty */
    COL_KEY = 32,   /* what the id is derived from */
    COL_ASIDE = 64  /* not a field of the record itself: its type's own function takes it */
};

typedef struct Column {
    const char *french, *english; /* compared folded */
    const char *field;            /* of the document; NULL where it is none */
    ValueType type;
    int flags;
    Kind target;           /* V_REF, V_REFS */
    const char *words;     /* "ville=city,agglo=agglo" */
    const char *otherwise; /* written so where the value is absent */
    int64_t min, max;      /* V_NUMBER */
} Column;

typedef enum IdRule {
    ID_GIVEN,
    ID_PERSON,
    ID_AGENT,
    ID_EVENT,
    ID_NUMBERED,
    ID_RUN,
    ID_STEP,
    ID_REGISTRATION
} IdRule;

typedef struct FileType {
    const char *folder; /* NULL: known by its name */
    const char *name;   /* the whole name, or the ending of a file in the folder */
    Kind kind;
    IdRule id;
    const Column *columns;
    size_t column_count;
    bool markdown;
} FileType;

/* In the order in which an import takes them. */
size_t file_type_count(void);
const FileType *file_type_at(size_t index);
const FileType *file_type_of_name(Str name); /* NULL for what is no content by itself */
const FileType *file_type_of_kind(Kind kind);
const FileType *file_type_of_steps(void); /* the tables in the body of a path */

/* "Nom court" → "nomcourt": lower case, no accents, letters and digits only. */
Str name_fold(Arena *arena, Str name);

/* *lang is absent, or "en" for a translation ("titre.en"). NULL where there is none of that name. */
const Column *column_of_name(const FileType *type, Arena *arena, Str name, Str *lang);
const Column *column_of_field(const FileType *type, const char *field);
const Column *column_of_type(const FileType *type, ValueType value);
const char *column_nearest(const FileType *type, Arena *arena, Str name); /* NULL where nothing is near */

/* French or English word → the English one; absent where it is none of them. word_french is the way back. */
Str word_english(Arena *arena, const char *words, Str written);
Str word_french(const char *words, Str english);
Str words_list(Arena *arena, const char *words); /* "ville, agglo, commune", for messages */
