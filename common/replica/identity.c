#include "common/replica/identity.h"

#include "common/base/file.h"
#include "common/base/json.h"
#include "common/replica/files.h"

#include <string.h>

enum { IDENTITY_MAX = 16 * 1024 };

/* ---- hubs ---- */
static Str host_of(Str url) {
    ptrdiff_t at = str_find(url, STR("://"));
    Str rest = str_skip(url, (size_t)(at < 0 ? 0 : at + 3)), host = {0};
    if (str_starts(rest, STR("["))) {
        ptrdiff_t end = str_find(rest, STR("]"));
        return end < 0 ? rest : str_first(str_skip(rest, 1), (size_t)end - 1);
    }
    str_cut(&rest, '/', &host);
    rest = host;
    str_cut(&rest, ':', &host);
    return host;
}

static bool is_loopback(Str host) {
    return str_is(host, "localhost") || str_is(host, "::1") || str_starts(host, STR("127."));
}

static Status check_url(Str url, bool insecure_lan, Err *err) {
    Str host = host_of(url);
    bool plain = str_starts(url, STR("http://"));
    if ((!plain && !str_starts(url, STR("https://"))) || host.len == 0)
        return err_set(err, E_INVALID, "\"%.*s\" is no address of a hub: https://… is", STR_FORMAT(url));
    if (!plain || insecure_lan || is_loopback(host)) return OK;
    return err_set(err, E_DENIED, "%.*s is not encrypted: use https, or --insecure-lan", STR_FORMAT(url));
}

Status identity_set_hubs(Identity *identity, Arena *arena, Str list, Err *err) {
    Str url = {0};
    identity->hub_count = 0;
    while (str_cut(&list, ',', &url)) {
        url = str_trim(url);
        while (str_ends(url, STR("/"))) url.len--;
        if (url.len == 0) continue;
        TRY(check_url(url, identity->insecure_lan, err));
        if (identity->hub_count == HUB_URLS_MAX)
            return err_set(err, E_LIMIT, "at most %d addresses of hubs", HUB_URLS_MAX);
        identity->hubs[identity->hub_count++] = str_cstr(arena, url);
    }
    return identity->hub_count ? OK : err_set(err, E_INVALID, "no address of a hub is given");
}

/* ---- the file ---- */
static Status read_hubs(Arena *arena, const Json *map, Identity *out, Err *err) {
    const Json *list = json_get(map, "hubs");
    for (const Json *hub = list && list->type == JSON_LIST_T ? list->first : NULL; hub; hub = hub->next) {
        if (hub->type != JSON_TEXT_T || out->hub_count == HUB_URLS_MAX)
            return err_set(err, E_INVALID, "the addresses of hubs in " IDENTITY_FILE " cannot be read");
        out->hubs[out->hub_count++] = str_cstr(arena, hub->text);
    }
    return OK;
}

Status identity_read(const char *dir, Arena *arena, Identity *out, Err *err) {
    Str text = {0};
    Json *map = NULL;
    *out = (Identity){0};
    const char *path = path_join(arena, dir, IDENTITY_FILE);
    if (!file_exists(path)) return OK;
    TRY(file_read(arena, path, IDENTITY_MAX, &text, err));
    Status status = json_parse(arena, text, &map, err);
    if (status != OK) return err_wrap(err, status, "%s", path);
    TRY(read_hubs(arena, map, out, err));
    out->insecure_lan = json_get_bool(map, "insecure_lan", false);
    out->device = json_get_text(map, "device");
    out->token = json_get_text(map, "token");
    out->public_key = json_get_text(map, "public_key");
    out->secret_key = json_get_text(map, "secret_key");
    return OK;
}

static void put_text(Arena *arena, Json *map, const char *name, Str text) {
    if (text.at) json_put_text(arena, map, name, text);
}

Status identity_write(const char *dir, const Identity *identity, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(IDENTITY_MAX);
    Json *map = json_new_map(arena);
    Json *hubs = json_put_list(arena, map, "hubs");
    for (size_t i = 0; i < identity->hub_count; i++) json_add_text(arena, hubs, str_of(identity->hubs[i]));
    if (identity->insecure_lan) json_put_bool(arena, map, "insecure_lan", true);
    put_text(arena, map, "device", identity->device);
    put_text(arena, map, "token", identity->token);
    put_text(arena, map, "public_key", identity->public_key);
    put_text(arena, map, "secret_key", identity->secret_key);
    json_write(&text, map);
    buf_add_byte(&text, '\n');
    return file_write(path_join(arena, dir, IDENTITY_FILE), buf_str(&text), 0600, err);
}
