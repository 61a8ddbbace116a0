#include "common/schema/schema.h"

static const char *const scope_text[] = {
    [SCOPE_PUBLIC] = "`public`",
    [SCOPE_AUDIENCE] = "its audience: `public`, `pool:`, `org:` or `site:`",
    [SCOPE_EVENT] = "that of its event, moving with it",
    [SCOPE_PERSON] = "`org:` of the person",
    [SCOPE_ORG] = "`org:`",
    [SCOPE_SITE] = "`site:`",
    [SCOPE_DEVICE] = "`device:`",
    [SCOPE_MODERATED] = "`hub` while new, then its audience",
};

static const char *const writer_text[] = {
    [WRITER_ADMIN] = "administrators", [WRITER_RULES] = "the rules", [WRITER_HUB] = "the hub"};

static const char *const type_text[] = {
    [FIELD_TEXT] = "text",   [FIELD_BODY] = "Markdown", [FIELD_LIST] = "list of texts",
    [FIELD_INT] = "integer", [FIELD_BOOL] = "boolean",  [FIELD_TIME] = "time",
    [FIELD_DATE] = "date",   [FIELD_WORD] = "word",     [FIELD_REF] = "id of",
    [FIELD_REFS] = "ids of", [FIELD_JSON] = "JSON",
};

static void write_words(Buf *out, const WordSet *set) {
    for (int i = 0; i < set->count; i++) buf_print(out, "%s`%s`", i ? " " : "", set->words[i]);
}

static void write_range(Buf *out, const FieldInfo *field) {
    if (field->type != FIELD_INT || field->least == -INT53_MAX) return;
    buf_print(out, ", %lld", (long long)field->least);
    if (field->most == INT53_MAX)
        buf_add_cstr(out, " or more");
    else
        buf_print(out, " to %lld", (long long)field->most);
}

static void write_type(Buf *out, const FieldInfo *field) {
    if (field->type == FIELD_WORD) {
        write_words(out, field->words);
        return;
    }
    buf_add_cstr(out, type_text[field->type]);
    if (field->target != K_unknown)
        buf_print(out, " [%s](#%s)", kind_info(field->target)->name, kind_info(field->target)->name);
    write_range(out, field);
}

static void write_field(Buf *out, const FieldInfo *field) {
    buf_print(out, "| %s%s | ", field->name, field->flags & REQUIRED ? "" : "?");
    write_type(out, field);
    buf_print(out, " |%s%s |\n", field->flags & HOT ? " indexed" : "",
              field->flags & SECRET ? " secret" : "");
}

static void write_kind(Buf *out, const KindInfo *info) {
    buf_print(out, "\n## %s\nId `%s`. Scope: %s. Written by %s.%s%s\n\n", info->name, info->id_form,
              scope_text[info->scope], writer_text[info->writer], info->flags & PERSONAL ? " Personal." : "",
              info->flags & SEARCHABLE ? " Searchable." : "");
    buf_add_cstr(out, "| field | type | |\n|---|---|---|\n");
    for (size_t i = 0; i < info->field_count; i++) write_field(out, &info->fields[i]);
}

void schema_reference(Buf *out) {
    buf_add_cstr(
        out, "# Data model\n"
             "Generated from `kinds.def`; do not edit.\n\n"
             "Times are Unix milliseconds UTC, dates `YYYY-MM-DD`; `?` = may be absent. A text has at most ");
    buf_print(out, "%d bytes of UTF-8, a Markdown text %d, a list %d items, a document %d bytes.\n",
              TEXT_FIELD_MAX, BODY_FIELD_MAX, LIST_FIELD_MAX, DOC_MAX);
    buf_add_cstr(
        out, "Every kind may carry `tr`, its translations: `{\"en\":{\"title\":\"…\"}}`.\n"
             "In the form of an id, a name is the value of that field, `<…>` a part of its own; what stands "
             "behind a comma must hold too.\n");
    for (int kind = 0; kind < KIND_COUNT; kind++) write_kind(out, kind_info((Kind)kind));
}
