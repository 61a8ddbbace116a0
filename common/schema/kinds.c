#include "common/schema/schema.h"

#include <assert.h>
#include <string.h>

/* ---- words ---- */
#define WORD_TEXT(E, word) #word,
#define WORD_TABLE(Enum, PREFIX)                                                                             \
    static const char *const words_of_##Enum[] = {PREFIX##_WORDS(WORD_TEXT, Enum)};                          \
    static const WordSet set_of_##Enum = {words_of_##Enum, COUNT(words_of_##Enum)};
WORD_SETS(WORD_TABLE)

/* ---- fields: one row each; This is the struct of the kind whose table is being declared ---- */
#define RANGE_ROW(lowest, highest) .least = (lowest), .most = (highest)
#define ROW_PLAIN(TYPE, member, text, marks)                                                                 \
    .name = (text), .type = FIELD_##TYPE, .flags = (marks), .offset = offsetof(This, member),                \
    .target = K_unknown
#define ROW_TEXT(name, marks, detail) {ROW_PLAIN(TEXT, name, #name, marks)},
#define ROW_NAMED(name, marks, detail) {ROW_PLAIN(TEXT, name, #detail, marks)},
#define ROW_BODY(name, marks, detail) {ROW_PLAIN(BODY, name, #name, marks)},
#define ROW_LIST(name, marks, detail) {ROW_PLAIN(LIST, name, #name, marks)},
#define ROW_INT(name, marks, detail) {ROW_PLAIN(INT, name, #name, marks), RANGE_##detail(RANGE_ROW)},
#define ROW_BOOL(name, marks, detail) {ROW_PLAIN(BOOL, name, #name, marks)},
#define ROW_TIME(name, marks, detail) {ROW_PLAIN(TIME, name, #name, marks), RANGE__(RANGE_ROW)},
#define ROW_DATE(name, marks, detail) {ROW_PLAIN(DATE, name, #name, marks)},
#define ROW_JSON(name, marks, detail) {ROW_PLAIN(JSON, name, #name, marks)},
#define ROW_WORD(member, marks, detail)                                                                      \
    {.name = #member,                                                                                        \
     .type = FIELD_WORD,                                                                                     \
     .flags = (marks),                                                                                       \
     .offset = offsetof(This, member),                                                                       \
     .words = &set_of_##detail,                                                                              \
     .target = K_unknown},
#define ROW_LINK(TYPE, member, marks, kind)                                                                  \
    {.name = #member,                                                                                        \
     .type = FIELD_##TYPE,                                                                                   \
     .flags = (marks),                                                                                       \
     .offset = offsetof(This, member),                                                                       \
     .target = K_##kind},
#define ROW_REF(name, marks, detail) ROW_LINK(REF, name, marks, detail)
#define ROW_REFS(name, marks, detail) ROW_LINK(REFS, name, marks, detail)
#define ROW(TYPE, name, marks, detail) ROW_##TYPE(name, marks, detail)

#define KIND_TABLE(kind, Struct, FIELDS, form, scope_rule, written_by, marks)                                \
    static const KindInfo *info_of_##kind(void) {                                                            \
        typedef Struct This;                                                                                 \
        static const FieldInfo rows[] = {FIELDS(ROW)};                                                       \
        static const KindInfo info = {.name = #kind,                                                         \
                                      .struct_size = sizeof(Struct),                                         \
                                      .fields = rows,                                                        \
                                      .field_count = COUNT(rows),                                            \
                                      .id_form = (form),                                                     \
                                      .scope = SCOPE_##scope_rule,                                           \
                                      .writer = WRITER_##written_by,                                         \
                                      .flags = (marks)};                                                     \
        return &info;                                                                                        \
    }
KINDS(KIND_TABLE)

#define KIND_ENTRY(kind, Struct, FIELDS, form, scope_rule, written_by, marks) info_of_##kind,
static const KindInfo *(*const infos[])(void) = {KINDS(KIND_ENTRY)};

const KindInfo *kind_info(Kind kind) {
    assert(kind >= 0 && kind < KIND_COUNT);
    return infos[kind]();
}

Kind kind_from_name(Str name) {
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (str_is(name, kind_info((Kind)kind)->name)) return (Kind)kind;
    return K_unknown;
}

const FieldInfo *kind_field(Kind kind, Str name) {
    const KindInfo *info = kind_info(kind);
    for (size_t i = 0; i < info->field_count; i++)
        if (str_is(name, info->fields[i].name)) return &info->fields[i];
    return NULL;
}

const char *word_name(const WordSet *set, int value) {
    return value >= 1 && value <= set->count ? set->words[value - 1] : NULL;
}

int word_value(const WordSet *set, Str word) {
    for (int i = 0; i < set->count; i++)
        if (str_is(word, set->words[i])) return i + 1;
    return word.at ? -1 : 0;
}

const WordSet *word_set_of(Kind kind, const char *field) {
    const FieldInfo *info = kind_field(kind, str_of(field));
    return info ? info->words : NULL;
}

static void clear_field(const FieldInfo *field, void *out) {
    char *at = (char *)out + field->offset;
    if (field->type == FIELD_INT || field->type == FIELD_TIME) {
        int64_t absent = INT_ABSENT;
        memcpy(at, &absent, sizeof absent);
    } else if (field->type == FIELD_BOOL) {
        Truth absent = TRUTH_ABSENT;
        memcpy(at, &absent, sizeof absent);
    }
}

void schema_clear(Kind kind, void *out) {
    const KindInfo *info = kind_info(kind);
    memset(out, 0, info->struct_size);
    for (size_t i = 0; i < info->field_count; i++) clear_field(&info->fields[i], out);
}
