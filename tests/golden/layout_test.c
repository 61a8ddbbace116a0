/* Nothing on a screen lies over something else: every golden screen, three glasses, with larger text too. */
#include "tests/golden/cases.h"

#include <stdio.h>
#include <stdlib.h>

enum { SLACK = 3, EDGE_SLACK = 12, OVER = 24 };

typedef struct Look {
    const DisplayList *list;
    Rect page, content;
    const char *name;
    const int *size;
    bool larger;
    int faults;
} Look;

static Rect seen(const Item *item) {
    return rect_intersect(item->rect, item->clip);
}

/* From the top of the capitals to the baseline: lines of text may share what lies above and below. */
static Rect ink(const Item *item) {
    Rect box = item->rect;
    int top = item->size / 4, bottom = item->size / 4;
    return rect_intersect(rect_make(box.x, box.y + top, box.w, box.h - top - bottom), item->clip);
}

static bool holds(Rect outer, Rect inner) {
    return rect_equal(rect_intersect(rect_inset(outer, -SLACK), inner), inner);
}

/* Under something painted later, as what lies behind a dialog. */
static bool covered(const Look *look, size_t index) {
    Rect rect = seen(&look->list->items[index]);
    for (size_t i = index + 1; i < look->list->count; i++) {
        const Item *box = &look->list->items[i];
        if (box->type != ITEM_BOX || box->color == COLOR_NONE || !holds(box->rect, rect)) continue;
        if (box->rect.w > rect.w + OVER && box->rect.h > rect.h + OVER) return true;
    }
    return false;
}

static void fault(Look *look, const char *what, const Item *one, const Item *other) {
    look->faults++;
    print_error("%s-%dx%d%s: « %.*s » (%d,%d %dx%d) %s", look->name, look->size[0], look->size[1],
                look->larger ? " larger" : "", STR_FORMAT(one->text), one->rect.x, one->rect.y, one->rect.w,
                one->rect.h, what);
    if (other)
        print_error(" « %.*s » (%d,%d %dx%d)", STR_FORMAT(other->text), other->rect.x, other->rect.y,
                    other->rect.w, other->rect.h);
    print_error("\n");
}

/* A row with a tick at its left is two targets side by side. */
static Rect face_of(const Look *look, const Item *target) {
    Rect face = seen(target);
    for (size_t i = 0; i < look->list->count; i++) {
        const Item *beside = &look->list->items[i];
        if (beside->type == ITEM_TARGET && seen(beside).y == face.y &&
            (rect_right(seen(beside)) == face.x || seen(beside).x == rect_right(face)))
            return rect_union(seen(beside), face);
    }
    return face;
}

/* The town at the foot of the attract screen is painted on the page itself. */
static bool is_ground(const Look *look, const Item *picture) {
    return picture->type == ITEM_IMAGE && picture->rect.w == look->page.w &&
           rect_bottom(picture->rect) == rect_bottom(look->page);
}

static void look_at_text(Look *look, const Item *text, const Item *other) {
    Rect words = ink(text), rect = rect_inset(seen(other), SLACK);
    switch (other->type) {
    case ITEM_TEXT:
        if (other > text && rect_overlap(words, ink(other))) fault(look, "lies over", text, other);
        break;
    case ITEM_TARGET: /* the name of a stop stands around it */
        if (other->role != ROLE_STOP && rect_overlap(words, rect) && !holds(face_of(look, other), words))
            fault(look, "leaves", text, other);
        break;
    case ITEM_ICON:
    case ITEM_IMAGE:
    case ITEM_QR:
        if (rect_overlap(words, rect) && !is_ground(look, other))
            fault(look, "lies over the picture", text, other);
        break;
    case ITEM_BOX:
    case ITEM_ARC:
    case ITEM_LINE:
        break;
    }
}

static void look_at_targets(Look *look, const Item *one, const Item *other) {
    if (other->type != ITEM_TARGET || other <= one) return;
    if (!rect_overlap(rect_inset(seen(one), SLACK), rect_inset(seen(other), SLACK))) return;
    if (!holds(seen(one), seen(other)) && !holds(seen(other), seen(one)))
        fault(look, "shares its place with", one, other);
}

/* A scroll area has a clip of its own, and may cut what goes on below. */
static void look_at_edges(Look *look, const Item *text) {
    Rect words = text->rect;
    if (words.x < look->page.x || rect_right(words) > look->page.w)
        fault(look, "leaves the page", text, NULL);
    if (rect_right(words) > rect_right(text->clip) + EDGE_SLACK)
        fault(look, "is cut at the right", text, NULL);
    int end = rect_bottom(look->content);
    bool begins_inside = words.y >= look->content.y && words.y < end - EDGE_SLACK;
    if (rect_equal(text->clip, look->page) && begins_inside && rect_bottom(words) > end)
        fault(look, "leaves the content at the bottom", text, NULL);
}

static void look_at(Look *look) {
    const DisplayList *list = look->list;
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        bool text = item->type == ITEM_TEXT && item->text.len;
        if ((!text && item->type != ITEM_TARGET) || covered(look, i)) continue;
        if (text) look_at_edges(look, item);
        for (size_t j = 0; j < list->count; j++) {
            if (i == j || covered(look, j)) continue;
            if (text)
                look_at_text(look, item, &list->items[j]);
            else
                look_at_targets(look, item, &list->items[j]);
        }
    }
}

static int look_at_kiosk(KioskKit *kiosk, const char *name, const int *size, bool larger) {
    Ui *ui = kiosk->app->ui;
    Look look = {.list = ui->list,
                 .page = ui_page(ui),
                 .content = kiosk->app->mode == MODE_ATTRACT ? ui_page(ui) : ui_content(ui),
                 .name = name,
                 .size = size,
                 .larger = larger};
    look_at(&look);
    return look.faults;
}

static void nothing_lies_over_anything(void **state) {
    const int *size = *state;
    AUTO(kiosk_kit_free_auto)
    KioskKit *kiosk = kiosk_kit_new(GOLDEN_FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kit_load_pictures(kiosk->kit);
    Millis wall = kiosk->clock.wall_ms;
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    int faults = 0;
    for (size_t i = 0; i < COUNT(cases) * 2; i++) {
        Case one = cases[i / 2];
        if (i % 2 && one.larger) continue;
        one.larger |= i % 2;
        open_case(kiosk, &one);
        faults += look_at_kiosk(kiosk, one.name, size, one.larger);
        start_over(kiosk, wall);
    }
    check_int(faults, 0);
}

/* What follows after somebody has identified. */
static int look_at_a_visit(const int *size, bool larger) {
    static const struct {
        const char *name, *script;
    } stops[] = {{"result-confirmed", "tap \"Rester\""},
                 {"space-code", "tap \"Mon espace\""},
                 {"space", "type \"270418\"\ntap \"Continuer\""},
                 {"space-cancel", "tap \"Annuler\""}};
    AUTO(kiosk_kit_free_auto)
    KioskKit *kiosk = kiosk_kit_new(GOLDEN_FOLDER "/replica.ndjson", "2026-11-24T09:12");
    kit_load_pictures(kiosk->kit);
    kiosk_kit_start(kiosk, size[0], size[1], LANG_FR);
    Case event = {.screen = SCREEN_event, .arg = EVENT, .lang = LANG_FR, .larger = larger};
    event.script = "tap \"Je m’inscris\"\nbadge 0013748911";
    open_case(kiosk, &event);
    int faults = look_at_kiosk(kiosk, "result-kept", size, larger);
    kiosk_kit_confirm(kiosk, EVENT);
    faults += look_at_kiosk(kiosk, "result-confirmed", size, larger);
    for (size_t i = 0; i < COUNT(stops); i++) {
        Err err = {0};
        if (kiosk_kit_try(kiosk, stops[i].script, &err) != OK) break; /* it stands further down the page */
        faults += look_at_kiosk(kiosk, stops[i].name, size, larger);
    }
    kiosk_kit_open(kiosk, SCREEN_event, EVENT);
    return faults + look_at_kiosk(kiosk, "event-mine", size, larger);
}

static void nor_during_a_visit(void **state) {
    check_int(look_at_a_visit(*state, false) + look_at_a_visit(*state, true), 0);
}

int main(void) {
    setenv("PATH", "", 1); /* no voice: whether one is installed shows */
    struct CMUnitTest tests[COUNT(sizes) * 2];
    for (size_t i = 0; i < COUNT(sizes); i++) {
        void *size = (void *)(uintptr_t)sizes[i];
        tests[i * 2] =
            (struct CMUnitTest){"nothing_lies_over_anything", nothing_lies_over_anything, NULL, NULL, size};
        tests[i * 2 + 1] = (struct CMUnitTest){"nor_during_a_visit", nor_during_a_visit, NULL, NULL, size};
    }
    return _cmocka_run_group_tests("layout", tests, COUNT(tests), NULL, NULL);
}
