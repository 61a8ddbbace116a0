/* A Ui with simple letters (half their size wide), and a finger for it. */
#pragma once

#include "common/base/utf8.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/widgets.h"
#include "tests/harness/check.h"

static inline int simple_width(void *context, Font font, int size, Str text) {
    (void)context, (void)font;
    return (int)utf8_length(text) * size / 2;
}

typedef struct Bench {
    Ui *ui;
    Millis now_ms;
    void (*draw)(Ui *ui);
    UiResult result;
    int frames;
} Bench;

static inline Bench bench_open(int w, int h, void (*draw)(Ui *ui)) {
    Bench bench = {.ui = ui_open(screen_measure(w, h, 0, 0), (TextMeasure){simple_width, NULL}),
                   .now_ms = 1000,
                   .draw = draw};
    ui_set_labels(bench.ui, (UiLabels){.page_up = STR("up"),
                                       .page_down = STR("down"),
                                       .key_shift = STR("Maj"),
                                       .key_erase = STR("Effacer"),
                                       .key_space = STR("espace"),
                                       .key_digits = STR("123"),
                                       .key_letters = STR("abc"),
                                       .yes = STR("oui"),
                                       .no = STR("non"),
                                       .back = STR("Retour"),
                                       .home = STR("Accueil"),
                                       .access = STR("Accessibilité et langue"),
                                       .access_short = STR("Accès, langue"),
                                       .help = STR("Aide")});
    return bench;
}

static inline void bench_close(Bench *bench) {
    ui_close(bench->ui);
}

static inline void bench_frame(Bench *bench, Input input) {
    for (int i = 0; i < 5; i++) {
        ui_begin(bench->ui, &input, bench->now_ms);
        bench->draw(bench->ui);
        bench->result = ui_end(bench->ui);
        bench->frames++;
        if (!bench->result.again) return;
        input = (Input){0};
    }
    fail_msg("a frame asks for another one for ever");
}

static inline void bench_touch(Bench *bench, InputType type, int x, int y) {
    bench_frame(bench, (Input){.type = type, .x = x, .y = y});
}

static inline void bench_wait(Bench *bench, Millis ms) {
    bench->now_ms += ms;
    bench_frame(bench, (Input){0});
}

static inline void bench_tap_at(Bench *bench, int x, int y) {
    bench_touch(bench, INPUT_DOWN, x, y);
    bench->now_ms += 60;
    bench_touch(bench, INPUT_UP, x, y);
}

static inline Rect bench_find(const Bench *bench, const char *label) {
    const Item *item = display_list_find_target(bench->ui->list, str_of(label));
    if (!item) fail_msg("nothing to touch is called “%s”", label);
    return item ? item->rect : (Rect){0};
}

static inline void bench_tap(Bench *bench, const char *label) {
    Rect rect = bench_find(bench, label);
    bench_tap_at(bench, rect.x + rect.w / 2, rect.y + rect.h / 2);
}
