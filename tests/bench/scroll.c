/* Frame times of a long list that is scrolled by fingers, as JSON: scroll [FRAMES] [WIDTH HEIGHT]. Headless
 * unless DISPLAY is used with --window. */
#include "kiosk/gfx/gfx.h"
#include "kiosk/ui/widgets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 2000, FRAMES_MAX = 10000 };

static void draw(void *context, Ui *ui) {
    (void)context;
    ui_top_bar(ui,
               &(TopBar){.org = STR("Orléans"), .clock = STR("9 h 12"), .date = STR("mardi 24 novembre")});
    ui_bottom_bar(ui, &(BottomBar){0});
    ScrollArea area = ui_scroll_begin(ui, ui_body(ui), STR("list"));
    int first, last, pages, page = ui_scroll_page(ui, STR("list"), &pages);
    ui_scroll_rows(ui, &area, 148 + EDGE, 20, ROWS, &first, &last);
    for (int i = first; i < last; i++) {
        ListRow row = {.title = str_print(ui->arena, "Proposition %d : une réunion sans écran", i),
                       .subtitle = STR("Réunions, transversalité"),
                       .bold = true,
                       .tag = STR("À l’étude"),
                       .tag_tone = TONE_ACCENT,
                       .vote_count = str_print(ui->arena, "%d", i % 97),
                       .vote_word = STR("voix")};
        ui_row(ui, rect_make(area.content.x, area.content.y + i * 174, area.content.w, 148), &row);
    }
    ui_scroll_end(ui, area, ROWS * 174 - 20, str_print(ui->arena, "page %d sur %d", page, pages));
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    static double ms[FRAMES_MAX];
    int frames = argc > 1 ? atoi(argv[1]) : 600;
    GfxOptions options = {.width_px = argc > 3 ? atoi(argv[2]) : 1920,
                          .height_px = argc > 3 ? atoi(argv[3]) : 1080,
                          .headless = getenv("DISPLAY") == NULL,
                          .assets_dir = RELAIS_ASSETS_DIR};
    Gfx *gfx = NULL;
    Err err;
    if (frames < 1 || frames > FRAMES_MAX || gfx_open(&options, &gfx, &err) != OK) return 1;
    Ui *ui = ui_open(gfx_screen(gfx), gfx_measure(gfx));
    gfx_bench_scroll(gfx, ui, draw, NULL, frames, ms);
    double sum = 0;
    for (int i = 0; i < frames; i++) sum += ms[i];
    qsort(ms, (size_t)frames, sizeof *ms, by_size);
    GfxStats stats = gfx_stats(gfx);
    printf("{\"frames\": %d, \"mean_ms\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, "
           "\"text_cache_bytes\": %zu}\n",
           frames, sum / frames, ms[frames / 2], ms[frames * 99 / 100], ms[frames - 1],
           stats.text_cache_bytes);
    ui_close(ui);
    gfx_close(gfx);
    return 0;
}
