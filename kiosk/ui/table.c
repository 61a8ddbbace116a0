#include "kiosk/ui/inside.h"

enum { CELL_PAD_X = 24, CELL_PAD_Y = 15, CELL_ICON = 44, CELL_ICON_GAP = 14, COLUMNS_MAX = 12 };

typedef struct Table {
    const TableColumn *columns;
    int column_count;
    const TableCell *cells;
    int row_count;
    int x[COLUMNS_MAX], w[COLUMNS_MAX];
    bool
        stacked; /* too narrow for its words side by side: each row becomes lines, heads before their cells */
} Table;

static Font cell_font(const TableCell *cell) {
    return cell->bold || cell->tone != TONE_NEUTRAL ? FONT_S_BOLD : FONT_S;
}

static int icon_room(const TableCell *cell) {
    return cell->icon ? CELL_ICON + CELL_ICON_GAP : 0;
}

static const TableCell *cell_at(const Table *table, int row, int column) {
    return &table->cells[row * table->column_count + column];
}

/* What a column would like (whole) or must have (its widest word), padding included. */
static int column_need(Ui *ui, const Table *table, int column, bool whole) {
    int (*measure)(Ui *, Font, Str) = ui_widest_word;
    Str head = table->columns[column].head;
    int most = whole ? ui_text_width(ui, FONT_S_BOLD, head) : measure(ui, FONT_S_BOLD, head);
    for (int row = 0; row < table->row_count; row++) {
        const TableCell *cell = cell_at(table, row, column);
        int width =
            whole ? ui_text_width(ui, cell_font(cell), cell->text) : measure(ui, cell_font(cell), cell->text);
        if (width + icon_room(cell) > most) most = width + icon_room(cell);
    }
    return most + 2 * CELL_PAD_X + 2;
}

static int sum(const int *values, int count) {
    int total = 0;
    for (int i = 0; i < count; i++) total += values[i];
    return total;
}

/* Shares `spare` out by `weight`; the last one takes what rounding left. */
static void share_out(int *widths, const int *weights, int count, int spare) {
    int total = sum(weights, count), given = 0;
    for (int i = 0; i < count && total > 0; i++) {
        int part = i == count - 1 ? spare - given : spare * weights[i] / total;
        widths[i] += part;
        given += part;
    }
}

/* Every column gets its widest word; what is left goes by weight, or to those that want more. */
static void set_columns(Ui *ui, Table *table, int width) {
    int wish[COLUMNS_MAX] = {0}, weight[COLUMNS_MAX] = {0}, count = table->column_count;
    for (int i = 0; i < count; i++) {
        table->w[i] = column_need(ui, table, i, false);
        wish[i] = column_need(ui, table, i, true) - table->w[i];
        weight[i] = table->columns[i].weight;
    }
    int spare = width - sum(table->w, count), wished = sum(wish, count);
    table->stacked = spare < 0;
    bool all_fit = spare >= wished;
    if (spare > 0 && all_fit && sum(weight, count) > 0) {
        for (int i = 0; i < count; i++) table->w[i] += wish[i];
        share_out(table->w, weight, count, spare - wished);
    } else if (spare > 0 && all_fit) {
        for (int i = 0; i < count; i++) weight[i] = table->w[i] += wish[i];
        share_out(table->w, weight, count, spare - wished);
    } else if (spare != 0) {
        share_out(table->w, spare > 0 ? wish : table->w, count, spare);
    }
    for (int i = 0, x = 0; i < count; x += table->w[i++]) table->x[i] = x;
}

static Table table_set(Ui *ui, int width, const TableColumn *columns, int column_count,
                       const TableCell *cells, int row_count) {
    Table table = {.columns = columns,
                   .column_count = column_count < COLUMNS_MAX ? column_count : COLUMNS_MAX,
                   .cells = cells,
                   .row_count = column_count <= COLUMNS_MAX ? row_count : 0};
    set_columns(ui, &table, width);
    return table;
}

static TableCell head_cell(const Table *table, int column) {
    return (TableCell){.text = table->columns[column].head, .bold = true};
}

static TableCell any_cell(const Table *table, int row, int column) {
    return row < 0 ? head_cell(table, column) : *cell_at(table, row, column);
}

static Color tone_color(const Theme *theme, Tone tone) {
    switch (tone) {
    case TONE_ACCENT:
        return theme->accent;
    case TONE_OK:
        return theme->ok;
    case TONE_SIGNAL:
    case TONE_FULL_SIGNAL:
        return theme->signal_dark;
    case TONE_BAD:
        return theme->bad;
    case TONE_NEUTRAL:
    default:
        return theme->ink;
    }
}

static int columns_h(Ui *ui, const Table *table, int row) {
    int most = ui->theme.font[FONT_S].line;
    for (int i = 0; i < table->column_count; i++) {
        TableCell cell = any_cell(table, row, i);
        int room = table->w[i] - 2 * CELL_PAD_X - icon_room(&cell);
        int height = ui_text_height(ui, room, cell.text, (TextLook){.font = cell_font(&cell)});
        if (height > most) most = height;
    }
    return most + 2 * CELL_PAD_Y;
}

/* « Poste 41 20 »: the head in bold, then the cell. */
static size_t stacked_spans(Ui *ui, const Table *table, int row, int column, Span *spans) {
    const TableCell *cell = cell_at(table, row, column);
    Str head = table->columns[column].head;
    Color color = tone_color(&ui->theme, cell->tone);
    spans[0] = (Span){head, FONT_S_BOLD, ui->theme.ink};
    spans[1] = (Span){str_print(ui->arena, " %.*s", STR_FORMAT(cell->text)), cell_font(cell), color};
    return 2;
}

static int stacked_h(Ui *ui, const Table *table, int row, int width) {
    int height = 2 * CELL_PAD_Y;
    Span spans[2];
    for (int i = 0; i < table->column_count; i++) {
        size_t count = stacked_spans(ui, table, row, i, spans);
        height += ui_rich_height(ui, width - 2 * CELL_PAD_X, spans, count, (TextLook){.font = FONT_S});
    }
    return height;
}

static void draw_stacked(Ui *ui, Rect rect, const Table *table, int row) {
    Rect inside = rect_inset_xy(rect, CELL_PAD_X, CELL_PAD_Y);
    Span spans[2];
    for (int i = 0; i < table->column_count; i++) {
        size_t count = stacked_spans(ui, table, row, i, spans);
        rect_cut_top(&inside, ui_rich(ui, inside, spans, count, (TextLook){.font = FONT_S}));
    }
}

static int row_h(Ui *ui, const Table *table, int row, int width) {
    return table->stacked ? stacked_h(ui, table, row, width) : columns_h(ui, table, row);
}

static bool has_head(const Table *table) {
    if (table->stacked) return false;
    for (int i = 0; i < table->column_count; i++)
        if (table->columns[i].head.len) return true;
    return false;
}

int ui_table_height(Ui *ui, int width, const TableColumn *columns, int column_count, const TableCell *cells,
                    int row_count) {
    Table table = table_set(ui, width, columns, column_count, cells, row_count);
    int height = 0;
    for (int row = has_head(&table) ? -1 : 0; row < table.row_count; row++)
        height += row_h(ui, &table, row, width);
    return height;
}

static void draw_cell(Ui *ui, Rect rect, TableCell cell, Align align) {
    Rect inside = rect_inset_xy(rect, CELL_PAD_X, CELL_PAD_Y);
    Color color = tone_color(&ui->theme, cell.tone);
    if (cell.icon) {
        Rect place = rect_cut_left(&inside, icon_room(&cell));
        int line = ui->theme.font[FONT_S].line;
        ui_icon(ui, rect_make(place.x, place.y + (line - CELL_ICON) / 2, CELL_ICON, CELL_ICON), cell.icon,
                color);
    }
    ui_text(ui, inside, cell.text, (TextLook){.font = cell_font(&cell), .color = color, .align = align});
}

static void draw_row(Ui *ui, Rect rect, const Table *table, int row) {
    if (!ui_sees(ui, rect)) return;
    if (table->stacked) {
        draw_stacked(ui, rect, table, row);
        return;
    }
    if (row < 0)
        ui_add(ui, (Item){.type = ITEM_BOX,
                          .rect = rect,
                          .color = ui->theme.sunk,
                          .radius = RADIUS,
                          .corners = CORNERS_TOP,
                          .border = ui->theme.card_border,
                          .stroke = ui->theme.card_border == COLOR_NONE ? 0 : BORDER});
    for (int i = 0; i < table->column_count; i++) {
        Rect cell = {rect.x + table->x[i], rect.y, table->w[i], rect.h};
        draw_cell(ui, cell, any_cell(table, row, i), table->columns[i].align);
    }
}

int ui_table(Ui *ui, Rect area, const TableColumn *columns, int column_count, const TableCell *cells,
             int row_count) {
    Table table = table_set(ui, area.w, columns, column_count, cells, row_count);
    int total = ui_table_height(ui, area.w, columns, column_count, cells, row_count), y = area.y;
    ui_card(ui, rect_make(area.x, area.y, area.w, total));
    for (int row = has_head(&table) ? -1 : 0; row < table.row_count; row++) {
        int height = row_h(ui, &table, row, area.w);
        draw_row(ui, rect_make(area.x, y, area.w, height), &table, row);
        if (y > area.y) ui_separator(ui, area.x, y - 1, area.w);
        y += height;
    }
    return total;
}
