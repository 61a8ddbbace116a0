#include "kiosk/ui/inside.h"

enum {
    ROW_GUESS = 148 + EDGE, /* of a row of two lines, before any is known */
    MEASURED_AT_ONCE = 40   /* rows out of sight a frame: short lists are exact from their first frame */
};

static RowHeights *heights_find(Ui *ui, uint32_t id, int count, int width) {
    UiInside *inside = ui->inside;
    int font_size = ui->theme.font[FONT_S].size;
    RowHeights *found = NULL;
    for (int i = 0; i < LISTS_MAX && !found; i++)
        if (inside->lists[i].id == id) found = &inside->lists[i];
    if (!found) found = &inside->lists[inside->list_next++ % LISTS_MAX];
    if (found->id != id || found->count != count || found->width != width || found->font_size != font_size)
        *found = (RowHeights){.id = id, .count = count, .width = width, .font_size = font_size};
    return found;
}

static int height_guess(const RowHeights *heights) {
    return heights->known_count ? heights->known_total / heights->known_count : ROW_GUESS;
}

static int height_of(const RowHeights *heights, int index) {
    int known = index < LIST_ROWS_MAX ? heights->at[index] : 0;
    return known ? known : height_guess(heights);
}

static bool is_known(const RowHeights *heights, int index) {
    return index >= LIST_ROWS_MAX || heights->at[index];
}

static int measure(Ui *ui, const List *list, RowHeights *heights, int index) {
    int height = list->height(list->context, ui, index, heights->width);
    if (index >= LIST_ROWS_MAX || height > UINT16_MAX) return height;
    heights->known_total += height - heights->at[index];
    heights->known_count += heights->at[index] == 0;
    heights->at[index] = (uint16_t)height;
    return height;
}

static void measure_some(Ui *ui, const List *list, RowHeights *heights) {
    for (int i = 0, left = MEASURED_AT_ONCE; i < list->count && left > 0; i++) {
        if (is_known(heights, i)) continue;
        (void)measure(ui, list, heights, i);
        left--;
    }
}

void ui_list(Ui *ui, Rect viewport, List list) {
    ScrollArea scroll = ui_scroll_begin(ui, viewport, list.key);
    RowHeights *heights = heights_find(ui, scroll.id, list.count, scroll.content.w);
    measure_some(ui, &list, heights);
    int y = scroll.content.y;
    for (int i = 0; i < list.count; i++) {
        int height = height_of(heights, i);
        if (ui_sees(ui, rect_make(scroll.content.x, y, scroll.content.w, height))) {
            height = measure(ui, &list, heights, i); /* its words may have changed */
            list.draw(list.context, ui, i, rect_make(scroll.content.x, y, scroll.content.w, height));
        }
        y += height + list.gap;
    }
    int content_h = y - scroll.content.y - (list.count ? list.gap : 0);
    ui_scroll_end(ui, scroll, content_h, list.page_words);
}
