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

Status app_image(void *context, Str name, Arena *arena, Str *bytes, Err *err) {
    const App *app = context;
    const char *path = NULL;
    Str blob = STR("blob:");
    if (str_starts(name, blob)) {
        Str hash = str_skip(name, blob.len);
        if (!is_hash(hash)) return err_set(err, E_NOTFOUND, "no such blob");
        path = str_cstr(
            arena, str_print(arena, "%s/" BLOBS_DIR "/%.*s", app->options.replica_dir, STR_FORMAT(hash)));
    } else {
        if (!is_plain_name(name)) return err_set(err, E_NOTFOUND, "no such drawing");
        path = str_cstr(arena, str_print(arena, "%s/art/%.*s", app->options.assets_dir, STR_FORMAT(name)));
    }
    return file_read(arena, path, IMAGE_MAX, bytes, err);
}
