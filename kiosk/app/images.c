/* Where pictures come from: blobs of the replica, and the few drawings that belong to the kiosk. */
#include "kiosk/app/app.h"

#include "common/base/file.h"
#include "common/replica/files.h"

enum { IMAGE_MAX = 16 * 1024 * 1024, SHA256_HEX = 64 };

static bool is_hash(Str text) {
    unsigned char bytes[SHA256_HEX / 2];
    return text.len == SHA256_HEX && hex_decode(text, bytes, sizeof bytes);
}

static bool is_plain_name(Str name) {
    return name.len && name.at[0] != '.' && !str_has(name, '/');
}

static Status image_path(const App *app, Str name, Arena *arena, const char **out, Err *err) {
    Str blob = STR("blob:"), path = {0};
    if (str_starts(name, blob)) {
        Str hash = str_skip(name, blob.len);
        if (!is_hash(hash)) return err_set(err, E_NOTFOUND, "no such blob");
        path = str_print(arena, "%s/" BLOBS_DIR "/%.*s", app->options.replica_dir, STR_FORMAT(hash));
    } else {
        if (!is_plain_name(name)) return err_set(err, E_NOTFOUND, "no such drawing");
        path = str_print(arena, "%s/art/%.*s", app->options.assets_dir, STR_FORMAT(name));
    }
    *out = str_cstr(arena, path);
    return OK;
}

Status app_image(void *context, Str name, Arena *arena, Str *bytes, Err *err) {
    const char *path = NULL;
    TRY(image_path(context, name, arena, &path, err));
    return file_read(arena, path, IMAGE_MAX, bytes, err);
}

bool app_has_image(const void *context, Str name) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const char *path = NULL;
    Err err = {0};
    return image_path(context, name, arena, &path, &err) == OK && file_exists(path);
}
