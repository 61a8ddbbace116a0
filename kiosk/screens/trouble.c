/* Nothing to show yet: not paired, or the first load is under way, or the content is being loaded again. Says
 * what is wrong and what to do. */
#include "kiosk/screens/parts.h"

typedef struct TroubleWords {
    const char *icon;
    Message title, sentence;
} TroubleWords;

static TroubleWords words_of(const Stage *stage) {
    const ViewHealth *health = stage->health;
    if (health->replica == REPLICA_BROKEN)
        return (TroubleWords){"disque", M_trouble_broken, M_trouble_broken_what};
    if (health->replica == REPLICA_EMPTY) {
        if (health->last_contact == INT_ABSENT && !health->online)
            return (TroubleWords){"hors_ligne", M_trouble_no_hub, M_trouble_no_hub_what};
        return (TroubleWords){"sync", M_trouble_loading, M_trouble_loading_what};
    }
    if (health->pairing_code[0]) return (TroubleWords){"jumelage", M_trouble_pairing, M_trouble_pairing_what};
    return (TroubleWords){"jumelage", M_trouble_unpaired, M_trouble_unpaired_what};
}

static int draw_code(const Stage *stage, Rect area) {
    Ui *ui = stage->ui;
    Str code = str_of(stage->health->pairing_code), uri = str_of(stage->health->pairing_uri);
    Rect card = rect_make(area.x, area.y, area.w, 200);
    if (card.w > 900) card.w = 900;
    ui_card(ui, card);
    Rect inside = rect_inset_xy(card, 48, 22);
    ui_text_middle(ui, inside, code, (TextLook){.font = FONT_XL});
    if (!uri.len) return card.h;
    rect_cut_top(&area, card.h + 24);
    QrCard qr = {uri, words(stage, M_trouble_pairing_qr), uri};
    Rect rect = rect_make(area.x, area.y, card.w, 340);
    return area.h > 340 && ui_qr_card(ui, rect, qr) ? card.h + 24 + 340 : card.h;
}

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state;
    (void)data;
    Ui *ui = stage->ui;
    TroubleWords what = words_of(stage);
    Rect area = rect_inset_xy(ui_page(ui), ui_margin(ui), 0);
    rect_cut_top(&area, TOP_BAR_H + 72);
    if (ui->screen.layout != LAYOUT_PORTRAIT) {
        Rect icon = rect_cut_left(&area, area.w * 22 / 100);
        int size = icon.w > 240 ? 240 : icon.w - GRID;
        ui_icon_thin(ui, rect_make(icon.x, icon.y, size, size), what.icon, ui->theme.accent, 16);
    } else {
        ui_icon_thin(ui, rect_make(area.x, area.y, 240, 240), what.icon, ui->theme.accent, 16);
        rect_cut_top(&area, 280);
    }
    rect_cut_top(&area, draw_title(stage, area, words(stage, what.title)) + 24);
    rect_cut_top(&area, ui_text(ui, area, words(stage, what.sentence), (TextLook){.font = FONT_M}) + GRID);
    if (stage->health->pairing_code[0] && stage->health->replica == REPLICA_MISSING)
        rect_cut_top(&area, draw_code(stage, area) + GRID);
    if (!stage->can_write)
        ui_banner(ui, area, BANNER_ERROR, (Str){0},
                  words(stage, stage->health->outbox_status == E_FULL       ? M_trouble_full
                               : stage->health->outbox_status == E_READONLY ? M_trouble_readonly
                                                                            : M_trouble_disk));
    return action_none();
}

const ScreenKind screen_trouble = {
    .name = "trouble", .reads = KIND_SET_ALL, .bare = true, .by_minute = true, .draw = draw};
