/* Four targets, touched one after the other, say where the glass thinks that a finger is. */
#include "kiosk/screens/parts.h"

enum { RING_R = 44, DOT_R = 8, INSET_PERCENT = 12 };

typedef struct Calibrating {
    int touched;
    double at[2 * CALIBRATION_POINTS];
} Calibrating;

static void target_at(const Stage *stage, int index, double *x, double *y) {
    Rect page = ui_page(stage->ui);
    int dx = page.w * INSET_PERCENT / 100, dy = page.h * INSET_PERCENT / 100;
    *x = index == 0 || index == 3 ? dx : page.w - dx;
    *y = index < 2 ? dy : page.h - dy;
}

static void draw_target(const Stage *stage, int index) {
    Ui *ui = stage->ui;
    double x, y;
    target_at(stage, index, &x, &y);
    ui_circle(ui, (int)x, (int)y, RING_R, COLOR_NONE, ui->theme.accent, 6);
    ui_circle(ui, (int)x, (int)y, DOT_R, ui->theme.accent, COLOR_NONE, 0);
}

static Action solved(const Stage *stage, const Calibrating *visit) {
    Action action = {.type = ACTION_CALIBRATE};
    for (int i = 0; i < CALIBRATION_POINTS; i++) {
        target_at(stage, i, &action.points[0][2 * i], &action.points[0][2 * i + 1]);
        action.points[1][2 * i] = visit->at[2 * i];
        action.points[1][2 * i + 1] = visit->at[2 * i + 1];
    }
    return action;
}

static Action draw(const Stage *stage, void *state, const void *data) {
    Ui *ui = stage->ui;
    Calibrating *visit = state;
    (void)data;
    Rect page = ui_page(ui), middle = rect_centered(page, page.w * 6 / 10, 320);
    Touched touched =
        ui_target(ui, page, (Target){.label = words(stage, M_calibrate_target), .role = ROLE_BUTTON});
    draw_target(stage, visit->touched < CALIBRATION_POINTS ? visit->touched : CALIBRATION_POINTS - 1);
    int used = ui_text(ui, middle, words(stage, M_tech_calibrate),
                       (TextLook){.font = FONT_L, .align = ALIGN_CENTER});
    rect_cut_top(&middle, used + HALF);
    ui_text(ui, middle, words_with(stage, M_calibrate_what, NUM(visit->touched + 1), NUM(CALIBRATION_POINTS)),
            (TextLook){.font = FONT_S, .align = ALIGN_CENTER});
    if (!touched.activated || visit->touched >= CALIBRATION_POINTS) return action_none();
    visit->at[2 * visit->touched] = touched.x;
    visit->at[2 * visit->touched + 1] = touched.y;
    visit->touched++;
    if (visit->touched < CALIBRATION_POINTS) return action_none();
    return solved(stage, visit);
}

const ScreenKind screen_calibrate = {
    .name = "calibrate", .bare = true, .whole = true, .state_size = sizeof(Calibrating), .draw = draw};
