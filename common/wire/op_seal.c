/* Args that are sealed to the hub's key. */
#include "common/wire/secret.h"
#include "common/wire/wire.h"

Status op_args_seal(Arena *arena, Str public_hex, Str id, const Json *args, Json **out, Err *err) {
    AUTO(buf_free) Buf text = buf_new(OP_BODY_MAX);
    Str sealed = {0};
    buf_add_cstr(&text, "{\"args\":");
    json_write(&text, args);
    buf_add_cstr(&text, ",\"id\":");
    json_write_text(&text, id);
    buf_add_byte(&text, '}');
    if (text.over) return err_set(err, E_TOOBIG, "this is too long to be sent");
    TRY(seal_text(arena, public_hex, buf_str(&text), &sealed, err));
    *out = json_new_map(arena);
    json_put_text(arena, *out, "sealed", sealed);
    return OK;
}

Status op_args_open(Arena *arena, Str public_hex, Str secret_hex, Str id, const Json *sealed,
                    const Json **out, Err *err) {
    Str text = {0};
    Json *map = NULL;
    TRY(seal_open(arena, public_hex, secret_hex, json_get_text(sealed, "sealed"), &text, err));
    TRY(json_parse(arena, text, &map, err));
    const Json *args = json_get(map, "args");
    if (!args || args->type != JSON_MAP_T || !str_equal(json_get_text(map, "id"), id))
        return err_set(err, E_INVALID, "these are the args of another operation");
    *out = args;
    return OK;
}
