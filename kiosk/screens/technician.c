/* For the technician, behind four corners and the PIN: a list of pages at the side, or before them where the
 * glass is narrow. */
#include "kiosk/screens/tech.h"

#include "kiosk/screens/machine.h"

enum { SIDE_W = 376, SIDE_H = 100, TILE_GAP = 26 };

typedef Action (*TechDraw)(const Stage *, Rect, const TechData *, TechVisit *);

static const struct {
    const char *arg, *icon;
    Message name;
    TechPage listed_as;
    TechDraw draw;
} pages[TECH_PAGE_COUNT] = {
    [TECH_NETWORK] = {"network", "reseau", M_tech_network, TECH_NETWORK, tech_draw_network},
    [TECH_SYNC] = {"sync", "sync", M_tech_sync, TECH_SYNC, tech_draw_sync},
    [TECH_PAIRING] = {"pairing", "jumelage", M_tech_pairing, TECH_PAIRING, tech_draw_pairing},
    [TECH_SCREEN] = {"screen", "ecran", M_tech_screen, TECH_SCREEN, tech_draw_screen},
    [TECH_BADGE] = {"badge", "badge", M_tech_badge, TECH_BADGE, tech_draw_badge},
    [TECH_STORAGE] = {"storage", "disque", M_tech_storage, TECH_STORAGE, tech_draw_storage},
    [TECH_JOURNAL] = {"journal", "journal", M_tech_journal, TECH_JOURNAL, tech_draw_journal},
    [TECH_MACHINE] = {"machine", "info", M_tech_machine, TECH_MACHINE, tech_draw_machine},
    [TECH_MEASURE] = {"measure", "ecran", M_tech_measure, TECH_SCREEN, tech_draw_measure},
    [TECH_NIGHT] = {"night", "nuit", M_tech_night, TECH_SCREEN, tech_draw_night},
};

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    TechData *data = out;
    (void)state;
    TRY(view_last_answer(stage->view, stage->arena, &data->answer, err));
    TRY(view_scopes(stage->view, stage->arena, &data->scopes, &data->scope_count, err));
    TRY(view_links(stage->view, stage->arena, &data->links, &data->link_count, err));
    if (stage->machine)
        data->machine = *stage->machine;
    else
        machine_look(stage->replica_dir, &data->machine);
    return OK;
}

static int page_of(Str arg) {
    for (int i = 0; i < TECH_PAGE_COUNT; i++)
        if (str_is(arg, pages[i].arg)) return i;
    return -1;
}

static Action open_page(const Stage *stage, int page) {
    bool beside = stage->ui->screen.layout == LAYOUT_WIDE;
    return (Action){.type = beside ? ACTION_REPLACE : ACTION_OPEN,
                    .screen = SCREEN_technician,
                    .arg = str_of(pages[page].arg)};
}

static Action draw_side(const Stage *stage, Rect area, TechPage shown) {
    Action action = action_none();
    for (int i = 0; i < TECH_LISTED; i++) {
        Rect item = rect_make(area.x, area.y + i * SIDE_H, area.w, SIDE_H);
        bool on = pages[shown].listed_as == (TechPage)i;
        if (ui_side_item(stage->ui, item, words(stage, pages[i].name), pages[i].icon, on) &&
            shown != (TechPage)i)
            action = open_page(stage, i);
    }
    return action;
}

static Action draw_menu(const Stage *stage, Rect area) {
    Action action = action_none();
    bool portrait = stage->ui->screen.layout == LAYOUT_PORTRAIT;
    int columns = portrait ? 2 : 4, rows = TECH_LISTED / columns;
    rect_cut_top(&area, 12);
    area = draw_heading(stage, area, words(stage, M_tech_title), (Str){0});
    if (portrait && area.h > rows * 290) area.h = rows * 290;
    for (int i = 0; i < TECH_LISTED; i++) {
        Rect cell = rect_cell(area, columns, rows, i, TILE_GAP, TILE_GAP);
        cell.h -= EDGE;
        if (ui_tile(stage->ui, cell, words(stage, pages[i].name), pages[i].icon))
            action = open_page(stage, i);
    }
    return action;
}

static Action draw_page(const Stage *stage, Rect area, TechPage page, const TechData *data,
                        TechVisit *visit) {
    bool typing = page == TECH_PAIRING; /* every unit is for the keyboard */
    if (stage->ui->screen.layout != LAYOUT_WIDE && !typing) {
        int used = ui_text(stage->ui, area, words(stage, pages[page].name), (TextLook){.font = FONT_M_BOLD});
        rect_cut_top(&area, used + QUARTER);
    }
    return pages[page].draw(stage, area, data, visit);
}

static Action draw(const Stage *stage, void *state, const void *data) {
    Rect area = page_body(stage);
    int page = page_of(stage->arg);
    if (stage->ui->screen.layout != LAYOUT_WIDE) {
        if (page < 0) return draw_menu(stage, area);
        rect_cut_top(&area, QUARTER);
        return draw_page(stage, area, (TechPage)page, data, state);
    }
    if (page < 0) page = TECH_SYNC;
    Rect side = rect_cut_left(&area, SIDE_W);
    rect_cut_left(&area, 64);
    rect_cut_top(&area, HALF);
    rect_cut_top(&side, HALF);
    Action turned = draw_side(stage, side, (TechPage)page);
    Action action = draw_page(stage, area, (TechPage)page, data, state);
    return turned.type != ACTION_NONE ? turned : action;
}

const ScreenKind screen_technician = {.name = "technician",
                                      .state_size = sizeof(TechVisit),
                                      .data_size = sizeof(TechData),
                                      .reads = KIND_SET_ALL,
                                      .by_minute = true,
                                      .load = load,
                                      .draw = draw};
