#include "common/wire/wire.h"

static Status read_map(Arena *arena, Str line, Json **out, Err *err) {
    if (line.len > OP_LINE_MAX) return err_set(err, E_TOOBIG, "an op is longer than %d bytes", OP_LINE_MAX);
    TRY(json_parse(arena, line, out, err));
    return (*out)->type == JSON_MAP_T ? OK : err_set(err, E_INVALID, "the line is no JSON object");
}

Status ops_header_read(Arena *arena, Str line, OpsHeader *out, Err *err) {
    Json *map = NULL;
    TRY(read_map(arena, line, &map, err));
    if (!json_get(map, "ops")) return err_set(err, E_INVALID, "the ops do not begin with their header");
    if (json_get_int(map, "ops", 0) != 1)
        return err_set(err, E_VERSION, "the ops are of another version than 1");
    OpsHeader header = {.device = json_get_text(map, "device"),
                        .incarnation = json_get_text(map, "incarnation"),
                        .time = json_get_int(map, "time", -1),
                        .seen = json_get_int(map, "seen", -1)};
    if (!id_part_is_valid(header.device) || !id_part_is_valid(header.incarnation))
        return err_set(err, E_INVALID, "the header of the ops has no device or no incarnation");
    if (header.time < 0 || header.seen < 0)
        return err_set(err, E_INVALID, "the header of the ops has no time or no “seen”");
    *out = header;
    return OK;
}

void ops_header_write(Buf *out, const OpsHeader *header) {
    buf_print(out, "{\"ops\":1,\"device\":\"%.*s\",\"incarnation\":\"%.*s\",\"time\":%lld,\"seen\":%lld}\n",
              STR_FORMAT(header->device), STR_FORMAT(header->incarnation), (long long)header->time,
              (long long)header->seen);
}

static Status check_op(const Json *map, const OpLine *op, Err *err) {
    if (op->n < 1) return err_set(err, E_INVALID, "the op has no number");
    if (!id_part_is_valid(op->id)) return err_set(err, E_INVALID, "the op %lld has no id", (long long)op->n);
    if (op->op.len == 0) return err_set(err, E_INVALID, "the op %lld has no name", (long long)op->n);
    if (json_get(map, "prev") && !id_part_is_valid(op->prev))
        return err_set(err, E_INVALID, "“prev” of the op %lld is no id", (long long)op->n);
    return OK;
}

Status op_line_read(Arena *arena, Str line, OpLine *out, Err *err) {
    Json *map = NULL;
    TRY(read_map(arena, line, &map, err));
    const Json *args = json_get(map, "args"), *was = json_get(map, "was");
    OpLine op = {.n = json_get_int(map, "n", 0),
                 .id = json_get_text(map, "id"),
                 .prev = json_get_text(map, "prev"),
                 .op = json_get_text(map, "op"),
                 .at = json_get_int(map, "at", 0),
                 .by = json_get_text(map, "by"),
                 .auth = json_get_text(map, "auth"),
                 .args = args && args->type == JSON_MAP_T ? args : json_new_map(arena),
                 .was_epoch = json_get_text(was, "epoch"),
                 .was_code = json_get_text(was, "code")};
    TRY(check_op(map, &op, err));
    *out = op;
    return OK;
}

void op_line_write(Buf *out, int64_t n, Str id, Str prev, Str body) {
    buf_print(out, "{\"n\":%lld,\"id\":\"%.*s\"", (long long)n, STR_FORMAT(id));
    if (prev.at) buf_print(out, ",\"prev\":\"%.*s\"", STR_FORMAT(prev));
    buf_add_byte(out, ',');
    buf_add(out, str_skip(body, 1));
    buf_add_byte(out, '\n');
}

Str op_body_write(Arena *arena, Str op, Millis at, Str by, Str auth, const Json *args) {
    AUTO(buf_free) Buf body = buf_new(OP_BODY_MAX);
    buf_add_cstr(&body, "{\"op\":");
    json_write_text(&body, op);
    buf_print(&body, ",\"at\":%lld", (long long)at);
    if (by.at) buf_add_cstr(&body, ",\"by\":"), json_write_text(&body, by);
    if (auth.at) buf_add_cstr(&body, ",\"auth\":"), json_write_text(&body, auth);
    buf_add_cstr(&body, ",\"args\":");
    json_write(&body, args ? args : json_new_map(arena));
    buf_add_byte(&body, '}');
    return body.over ? (Str){0} : str_copy(arena, buf_str(&body));
}
