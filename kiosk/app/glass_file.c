#include "kiosk/app/glass_file.h"

#include "common/base/file.h"
#include "common/base/json.h"

#include <math.h>

#define GLASS_FILE "kiosk.json"

enum { FILE_MAX_BYTES = 16 * 1024, MM_MAX = 10000, POINTS = 9, NANO = 1000000000 };

void glass_take(Glass *glass, const Glass *own, unsigned parts) {
    if (parts & GLASS_ROTATION) glass->rotation_deg = own->rotation_deg;
    if (parts & GLASS_MM) glass->width_mm = own->width_mm, glass->height_mm = own->height_mm;
    if (parts & GLASS_CALIBRATION) {
        glass->calibrated = own->calibrated;
        for (int i = 0; i < POINTS; i++) glass->calibration[i] = own->calibration[i];
    }
    if (parts & GLASS_STILL) glass->still = own->still;
    if (!(parts & GLASS_NIGHT)) return;
    glass->night = own->night;
    glass->night_black = own->night_black;
    glass->night_from_min = own->night_from_min;
    glass->night_until_min = own->night_until_min;
}

static bool same_calibration(const Glass *a, const Glass *b) {
    if (a->calibrated != b->calibrated) return false;
    for (int i = 0; a->calibrated && i < POINTS; i++)
        if (fabs(a->calibration[i] - b->calibration[i]) > 1e-12) return false;
    return true;
}

static bool same_night(const Glass *a, const Glass *b) {
    return a->night == b->night && a->night_black == b->night_black &&
           a->night_from_min == b->night_from_min && a->night_until_min == b->night_until_min;
}

unsigned glass_differs(const Glass *a, const Glass *b) {
    unsigned parts = 0;
    if (a->rotation_deg != b->rotation_deg) parts |= GLASS_ROTATION;
    if (a->width_mm != b->width_mm || a->height_mm != b->height_mm) parts |= GLASS_MM;
    if (!same_calibration(a, b)) parts |= GLASS_CALIBRATION;
    if (a->still != b->still) parts |= GLASS_STILL;
    return same_night(a, b) ? parts : parts | GLASS_NIGHT;
}

/* ---- the file: reals as billionths, the JSON of this house has integers only ---- */

static int within(const Json *map, const char *name, int least, int most) {
    int64_t value = json_get_int(map, name, least);
    return value < least || value > most ? least : (int)value;
}

static void read_calibration(const Json *list, Glass *own, unsigned *parts) {
    if (!list || list->type != JSON_LIST_T) return;
    *parts |= GLASS_CALIBRATION;
    if (list->count != POINTS) return;
    int i = 0;
    for (const Json *number = list->first; number; number = number->next)
        own->calibration[i++] = (double)number->integer / NANO;
    own->calibrated = true;
}

static void read_night(const Json *map, Glass *own, unsigned *parts) {
    if (!map) return;
    *parts |= GLASS_NIGHT;
    own->night = json_get_bool(map, "on", false);
    own->night_black = json_get_bool(map, "black", false);
    own->night_from_min = within(map, "from_min", 0, DAY_MIN - 1);
    own->night_until_min = within(map, "until_min", 0, DAY_MIN - 1);
}

static void read_map(const Json *map, Glass *own, unsigned *parts) {
    int rotation = within(map, "rotation_deg", 0, 270);
    if (json_get(map, "rotation_deg") && rotation % 90 == 0) {
        own->rotation_deg = rotation;
        *parts |= GLASS_ROTATION;
    }
    own->width_mm = within(map, "width_mm", 0, MM_MAX);
    own->height_mm = within(map, "height_mm", 0, MM_MAX);
    if (own->width_mm && own->height_mm) *parts |= GLASS_MM;
    if (json_get(map, "still")) *parts |= GLASS_STILL;
    own->still = json_get_bool(map, "still", false);
    read_calibration(json_get(map, "calibration"), own, parts);
    read_night(json_get(map, "night"), own, parts);
}

Status glass_read(const char *dir, Glass *own, unsigned *parts, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str text = {0};
    Json *map = NULL;
    *own = (Glass){0};
    *parts = 0;
    const char *path = path_join(arena, dir, GLASS_FILE);
    if (!file_exists(path)) return OK;
    TRY(file_read(arena, path, FILE_MAX_BYTES, &text, err));
    TRY(json_parse(arena, text, &map, err));
    read_map(map, own, parts);
    return OK;
}

static void put_calibration(Arena *arena, Json *map, const Glass *own) {
    Json *list = json_put_list(arena, map, "calibration");
    for (int i = 0; own->calibrated && i < POINTS; i++) {
        Json *number = ARENA_ARRAY(arena, Json, 1);
        *number = (Json){.type = JSON_INT_T, .integer = llround(own->calibration[i] * NANO)};
        json_add(list, number);
    }
}

static void put_night(Arena *arena, Json *map, const Glass *own) {
    Json *night = json_put_map(arena, map, "night");
    json_put_bool(arena, night, "on", own->night);
    json_put_bool(arena, night, "black", own->night_black);
    json_put_int(arena, night, "from_min", own->night_from_min);
    json_put_int(arena, night, "until_min", own->night_until_min);
}

Status glass_write(const char *dir, const Glass *own, unsigned parts, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf text = buf_new(FILE_MAX_BYTES);
    Json *map = json_new_map(arena);
    if (parts & GLASS_ROTATION) json_put_int(arena, map, "rotation_deg", own->rotation_deg);
    if (parts & GLASS_MM) {
        json_put_int(arena, map, "width_mm", own->width_mm);
        json_put_int(arena, map, "height_mm", own->height_mm);
    }
    if (parts & GLASS_STILL) json_put_bool(arena, map, "still", own->still);
    if (parts & GLASS_CALIBRATION) put_calibration(arena, map, own);
    if (parts & GLASS_NIGHT) put_night(arena, map, own);
    json_write(&text, map);
    buf_add_byte(&text, '\n');
    return file_write(path_join(arena, dir, GLASS_FILE), buf_str(&text), 0644, err);
}
