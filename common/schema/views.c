#include "common/schema/schema.h"

#include <string.h>

static bool is_column(const char *name) {
    static const char *const columns[] = {"kind", "id", "scope", "seq", "doc"};
    for (size_t i = 0; i < COUNT(columns); i++)
        if (strcmp(name, columns[i]) == 0) return true;
    return false;
}

void schema_view_select(Buf *out, Kind kind, const char *source) {
    const KindInfo *info = kind_info(kind);
    buf_add_cstr(out, "SELECT id, scope, seq, doc");
    for (size_t i = 0; i < info->field_count; i++) {
        const char *name = info->fields[i].name;
        buf_print(out, ", doc->>'%s' AS \"", name);
        if (is_column(name)) buf_print(out, "%s_", info->name);
        buf_print(out, "%s\"", name);
    }
    buf_print(out, " FROM %s WHERE kind='%s'", source, info->name);
}

/* "replica.record" → schema "replica.", table "record". */
static void split_table(const char *table, Str *schema_dot, const char **bare) {
    const char *dot = strchr(table, '.');
    *schema_dot = (Str){table, dot ? (size_t)(dot - table) + 1 : 0};
    *bare = dot ? dot + 1 : table;
}

void schema_index_sql(Buf *out, const char *table) {
    Str schema_dot;
    const char *bare;
    split_table(table, &schema_dot, &bare);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const KindInfo *info = kind_info((Kind)kind);
        for (size_t i = 0; i < info->field_count; i++) {
            const FieldInfo *field = &info->fields[i];
            if (!(field->flags & HOT)) continue;
            buf_print(out, "CREATE INDEX IF NOT EXISTS %.*s%s_%s_%s ON %s(doc->>'%s', id) WHERE kind='%s';\n",
                      STR_FORMAT(schema_dot), bare, info->name, field->name, bare, field->name, info->name);
        }
    }
}

void schema_all_views_sql(Buf *out, const char *table) {
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        buf_print(out, "CREATE VIEW IF NOT EXISTS \"%s\" AS ", kind_info((Kind)kind)->name);
        schema_view_select(out, (Kind)kind, table);
        buf_add_cstr(out, ";\n");
    }
}
