/* One event: when, where, for whom, the seats, my registration, the code for the phone. */
#include "kiosk/screens/parts.h"

#include "kiosk/ui/markdown.h"

enum {
    RIGHT_W = 672,
    RIGHT_SMALL_W = 424,
    GUTTER = 64,
    QR_H = 376,
    IMAGE_WIDE_H = 336,
    IMAGE_LEAST_H = 200,
    IMAGE_PORTRAIT_H = 392,
    QR_PORTRAIT_H = 330
};

typedef struct EventScreen {
    EventInfo info;
    Str body;           /* as plain text, for the preview */
    Markdown *markdown; /* whole; NULL: none */
    ProgrammeRow *programme;
    int programme_count;
    Str image, image_alt; /* absent while the picture has not come down */
    bool access_told;     /* stands beside the text: « Détail » need not be there for it */
} EventScreen;

typedef struct EventVisit {
    bool detail; /* the whole text is shown */
} EventVisit;

/* [{"starts": ms, "title": …, "place": …}] */
static void load_programme(const Stage *stage, const Event *event, EventScreen *data) {
    if (!event->programme || event->programme->type != JSON_LIST_T || !event->programme->count) return;
    data->programme = ARENA_ARRAY(stage->arena, ProgrammeRow, event->programme->count);
    for (const Json *part = event->programme->first; part; part = part->next) {
        Millis starts = json_get_int(part, "starts", event->starts);
        const Json *next = part->next;
        Millis ends = next ? json_get_int(next, "starts", event->ends) : event->ends;
        StopState state = stage->now >= ends ? STOP_DONE : stage->now >= starts ? STOP_NOW : STOP_TO_COME;
        if (data->info.event.status == EventStatus_cancelled) state = STOP_CANCELLED;
        data->programme[data->programme_count++] = (ProgrammeRow){.time = say_clock(&stage->say, starts),
                                                                  .title = json_get_text(part, "title"),
                                                                  .note = json_get_text(part, "place"),
                                                                  .state = state};
    }
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    EventScreen *data = out;
    TRY(event_get(stage, stage->arg, &data->info, err));
    const Event *event = &data->info.event;
    Str body = in_lang(stage, &event->meta, "body", event->body);
    if (body.len && load_markdown(stage, body, &data->markdown, err) == OK)
        data->body = markdown_plain(stage->arena, data->markdown);
    if (event->image.len && stage->has_image(stage->images, event->image)) data->image = event->image;
    data->image_alt = event->image_alt;
    load_programme(stage, event, data);
    return OK;
}

/* ---- what can be done, and why not ---- */

static Str registration_words(const Stage *stage, const EventInfo *info) {
    if (info->provisional) return words(stage, M_my_kept);
    switch (info->my_state) {
    case RegistrationState_confirmed:
        return words(stage, M_my_confirmed);
    case RegistrationState_waiting:
        return words_with(stage, M_my_waiting, TXT(say_ordinal(&stage->say, info->my_rank, true)));
    case RegistrationState_to_approve:
        return words(stage, M_my_to_approve);
    case RegistrationState_refused:
        return words(stage, M_my_refused);
    case RegistrationState_requested:
        return words(stage, M_my_kept);
    case RegistrationState_absent:
    case RegistrationState_unknown:
    case RegistrationState_cancelled:
    case RegistrationState_count:
        break;
    }
    return (Str){0};
}

static Str why_not(const Stage *stage, const EventInfo *info) {
    const Event *event = &info->event;
    if (event->status == EventStatus_cancelled) return words(stage, M_event_is_cancelled);
    if (info->time == EVENT_OVER) return words(stage, M_event_is_over);
    if (info->mine || info->my_state == RegistrationState_refused) return registration_words(stage, info);
    if (info->time == EVENT_RUNNING) return words(stage, M_event_has_begun);
    if (info->by_invitation) return words(stage, M_event_by_invitation);
    if (event->opens != INT_ABSENT && stage->now < event->opens)
        return words_with(stage, M_event_opens, TXT(say_day(&stage->say, event->opens)),
                          TXT(say_time(&stage->say, event->opens)));
    if (event->closes != INT_ABSENT && stage->now >= event->closes) return words(stage, M_event_is_closed);
    return words(stage, M_event_is_full);
}

static Str hint_words(const Stage *stage, const EventInfo *info) {
    if (!stage->can_write) return words(stage, M_cannot_write_short);
    if (info->limited && !info->free) return words(stage, M_hint_waiting);
    if (info->event.approval == EventApproval_manager) return words(stage, M_hint_manager);
    if (info->event.approval == EventApproval_hr) return words(stage, M_hint_hr);
    return words(stage, stage->session->open ? M_hint_one_touch : M_hint_badge);
}

static bool is_warning(const EventInfo *info) {
    return info->event.status == EventStatus_cancelled || info->my_state == RegistrationState_refused;
}

static BannerKind banner_kind(const EventInfo *info) {
    if (is_warning(info)) return BANNER_ERROR;
    if (info->provisional || info->my_state == RegistrationState_to_approve) return BANNER_PROVISIONAL;
    return info->mine && info->my_state == RegistrationState_confirmed ? BANNER_OK : BANNER_INFO;
}

static Action register_action(const EventInfo *info) {
    return (Action){.type = ACTION_PERFORM,
                    .deed = {.purpose = PURPOSE_REGISTER, .subject = info->event.meta.id}};
}

/* ---- the foot of the left column: seats, then what can be done ---- */

typedef struct Foot {
    bool more;  /* there is more to read: « Détail » */
    bool seats; /* there is room for the meter */
} Foot;

static int seats_height(const Stage *stage, const EventInfo *info, Foot foot) {
    bool told = foot.seats && info->limited && info->time != EVENT_OVER;
    return told && info->event.status != EventStatus_cancelled ? ui_seat_meter_height(stage->ui) : 0;
}

static void draw_seats(const Stage *stage, Rect area, const EventInfo *info) {
    bool small = stage->ui->screen.layout == LAYOUT_SMALL;
    SeatMeter meter = {.seats = (int)info->seats, .free = (int)info->free, .free_own = (int)info->free_own};
    meter.words = words_with(stage,
                             !info->free ? M_seats_none
                             : small     ? M_seats_short
                                         : M_seats_free,
                             NUM(info->free), NUM(info->seats));
    if (info->free_own)
        meter.own_words = words_with(stage, M_seats_own, NUM(info->free_own), TXT(stage->here->org_short));
    ui_seat_meter(stage->ui, area, meter);
}

static Button detail_button(const Stage *stage) {
    return (Button){.label = words(stage, M_detail)};
}

static void draw_register(const Stage *stage, Rect row, const EventInfo *info, Foot foot, EventVisit *visit,
                          Action *action) {
    Ui *ui = stage->ui;
    row.h = ui_button_height(ui);
    if (foot.more) {
        Button detail = detail_button(stage);
        if (ui_button(ui, rect_cut_right(&row, ui_button_width(ui, detail)), detail)) visit->detail = true;
        rect_cut_right(&row, ui->screen.layout == LAYOUT_SMALL ? 24 : GRID);
    }
    Button button = {.kind = BUTTON_PRIMARY,
                     .label = words(stage, info->limited && !info->free ? M_register_waiting : M_register),
                     .large = true,
                     .disabled = !stage->can_write};
    int natural = ui_button_width(ui, button), width = natural > 560 ? natural : 560;
    TextLook look = {.font = FONT_S, .color = ui->theme.ink2};
    Str hint = hint_words(stage, info);
    int beside = row.w - width - GRID;
    bool told = beside > 280 && ui_text_height(ui, beside, hint, look) <= row.h + QUARTER;
    if (!told && !stage->can_write) { /* rather the reason than a button that does nothing */
        ui_text_middle(ui, row, hint, look);
        return;
    }
    if (!told) width = row.w;
    if (ui_button(ui, rect_cut_left(&row, width), button)) *action = register_action(info);
    rect_cut_left(&row, GRID);
    if (told) ui_text_middle(ui, row, hint, look);
}

static void draw_why_not(const Stage *stage, Rect area, const EventInfo *info, Foot foot, EventVisit *visit,
                         Action *action) {
    Ui *ui = stage->ui;
    Button row[2];
    int count = 0, space = -1;
    if (info->mine && stage->session->open) {
        space = count;
        row[count++] = (Button){.label = words(stage, M_my_space), .icon = "personne"};
    }
    if (foot.more) row[count++] = detail_button(stage);
    if (count) {
        int touched = draw_buttons(stage, rect_cut_bottom(&area, ui_button_height(ui)), row, count);
        if (touched >= 0 && touched == space) action->type = ACTION_SPACE;
        if (touched >= 0 && touched != space) visit->detail = true;
        rect_cut_bottom(&area, 20);
    }
    ui_banner(ui, area, banner_kind(info), (Str){0}, why_not(stage, info));
}

static int foot_height(const Stage *stage, const EventInfo *info, int width, Foot foot) {
    int seats = seats_height(stage, info, foot);
    if (event_can_register(stage, info)) return seats + (seats ? 20 : 0) + ui_button_height(stage->ui);
    int height =
        seats + (seats ? 20 : 0) + ui_banner_height(stage->ui, width, (Str){0}, why_not(stage, info));
    return height +
           (foot.more || (info->mine && stage->session->open) ? ui_button_height(stage->ui) + 20 : 0);
}

static void draw_foot(const Stage *stage, Rect area, const EventInfo *info, Foot foot, EventVisit *visit,
                      Action *action) {
    int seats = seats_height(stage, info, foot);
    if (seats) {
        draw_seats(stage, rect_cut_top(&area, seats), info);
        rect_cut_top(&area, 20);
    }
    if (event_can_register(stage, info))
        draw_register(stage, area, info, foot, visit, action);
    else
        draw_why_not(stage, area, info, foot, visit, action);
}

/* ---- the head: type, title, facts ---- */

static int draw_head(const Stage *stage, Rect area, const EventInfo *info, bool brief) {
    Ui *ui = stage->ui;
    int top = area.y;
    const Event *event = &info->event;
    bool short_project = brief || ui->screen.layout == LAYOUT_SMALL;
    Str project = short_project ? project_short(stage, event->project) : project_name(stage, event->project);
    Str parts[] = {event_type_name(stage, event->type), project};
    Rect line = rect_make(area.x, area.y, area.w, ICON + QUARTER);
    ui_icon(ui, rect_make(line.x, line.y + 1, ICON, ICON), event_icon(event->type), COLOR_NONE);
    rect_cut_left(&line, ICON + HALF);
    rect_cut_top(&area, ui_text(ui, line, joined(stage, parts, COUNT(parts)),
                                (TextLook){.font = FONT_S_BOLD, .color = ui->theme.accent}));
    rect_cut_top(&area, draw_title(stage, area, info->title) + (brief ? QUARTER : HALF));
    rect_cut_top(&area, draw_event_facts(stage, area, info, brief));
    return area.y - top;
}

/* Whole, or not at all: « Détail » has it then. */
static bool body_fits(const Stage *stage, const EventScreen *data, int room, int width) {
    return ui_text_height(stage->ui, width, data->body, (TextLook){.font = FONT_S}) <= room;
}

static bool has_more(const Stage *stage, const EventScreen *data, int room, int width) {
    if (data->programme_count || (data->info.event.access.len && !data->access_told)) return true;
    return data->body.len && !body_fits(stage, data, room, width);
}

static void draw_preview(const Stage *stage, Rect area, const EventScreen *data) {
    if (data->body.len && body_fits(stage, data, area.h, area.w))
        ui_text(stage->ui, area, data->body, (TextLook){.font = FONT_S});
}

/* ---- layouts ---- */

/* The picture gives way to how one gets in, as long as it stays one; false: no room for the words. */
static bool draw_access(const Stage *stage, Rect right, const EventScreen *data) {
    Str access = data->info.event.access;
    TextLook look = {.font = FONT_S, .color = stage->ui->theme.ink2};
    int words_h = access.len ? ui_text_height(stage->ui, right.w, access, look) : 0;
    int room = data->image.len ? right.h - IMAGE_LEAST_H - 12 : right.h;
    bool told = words_h > 0 && words_h <= room;
    if (data->image.len) {
        int height = told ? right.h - words_h - 12 : right.h;
        Picture picture = {data->image, (Str){0}, data->image_alt, FIT_COVER, RADIUS};
        ui_picture(stage->ui, rect_cut_top(&right, height < IMAGE_WIDE_H ? height : IMAGE_WIDE_H), picture);
        rect_cut_top(&right, 12);
    }
    if (told) ui_text(stage->ui, right, access, look);
    return told;
}

static bool draw_right_wide(const Stage *stage, Rect right, const EventScreen *data) {
    draw_ical(stage, rect_cut_bottom(&right, QR_H), &data->info);
    rect_cut_bottom(&right, 24);
    rect_cut_top(&right, 24);
    return draw_access(stage, right, data);
}

/* What is left under the facts: the beginning of the text, and at the foot what can be done. The meter goes
 * first where there is no room for all. */
static void draw_rest(const Stage *stage, Rect area, const EventScreen *data, EventVisit *visit,
                      Action *action) {
    const EventInfo *info = &data->info;
    Foot foot = {.seats = true};
    foot.more = has_more(stage, data, area.h - foot_height(stage, info, area.w, foot) - 28, area.w);
    foot.seats = foot_height(stage, info, area.w, foot) <= area.h;
    Rect rect = rect_cut_bottom(&area, foot_height(stage, info, area.w, foot));
    rect_cut_bottom(&area, 28);
    draw_preview(stage, area, data);
    draw_foot(stage, rect, info, foot, visit, action);
}

static void draw_columns(const Stage *stage, Rect body, const EventScreen *in, EventVisit *visit,
                         Action *action) {
    EventScreen data = *in;
    bool small = stage->ui->screen.layout == LAYOUT_SMALL;
    Rect left = body, right = rect_cut_right(&left, small ? RIGHT_SMALL_W : RIGHT_W);
    rect_cut_right(&left, small ? GUTTER - QUARTER : GUTTER);
    if (small) {
        rect_cut_top(&right, HALF);
        draw_ical(stage, right, &data.info);
    } else {
        data.access_told = draw_right_wide(stage, right, &data);
    }
    rect_cut_top(&left, small ? 13 : 22);
    int used = draw_head(stage, left, &data.info, small);
    rect_cut_top(&left, used);
    draw_rest(stage, left, &data, visit, action);
}

/* The code for the phone stands between the text and the foot. */
static void draw_around(const Stage *stage, Rect texts, Rect foot_rect, const EventScreen *data,
                        EventVisit *visit, Action *action) {
    Foot foot = {.seats = true, .more = has_more(stage, data, texts.h, texts.w)};
    rect_cut_top(&foot_rect, GRID);
    if (foot_height(stage, &data->info, foot_rect.w, foot) > foot_rect.h) foot.seats = false;
    draw_preview(stage, texts, data);
    draw_foot(stage, foot_rect, &data->info, foot, visit, action);
}

static void draw_portrait(const Stage *stage, Rect content, const EventScreen *data, EventVisit *visit,
                          Action *action) {
    Ui *ui = stage->ui;
    Rect body = page_body(stage);
    if (data->image.len) {
        int height = stage->session->open ? IMAGE_PORTRAIT_H - SESSION_STRIP_H : IMAGE_PORTRAIT_H;
        Picture picture = {data->image, (Str){0}, data->image_alt, FIT_COVER, 0};
        ui_picture(ui, rect_make(content.x, content.y, content.w, height), picture);
        rect_cut_top(&body, content.y + height - body.y);
    }
    rect_cut_top(&body, 28);
    rect_cut_top(&body, draw_head(stage, body, &data->info, false));
    int words_h =
        data->body.len ? ui_text_height(ui, body.w, data->body, (TextLook){.font = FONT_S}) + 40 : 0;
    int foot_h = foot_height(stage, &data->info, body.w, (Foot){.seats = true});
    if (body.h - foot_h - QR_PORTRAIT_H - 60 > (words_h < 130 ? words_h : 130)) {
        Rect rest = body, foot = rect_cut_bottom(&rest, foot_h + GRID);
        draw_ical(stage, rect_cut_bottom(&rest, QR_PORTRAIT_H), &data->info);
        rect_cut_bottom(&rest, 20);
        draw_around(stage, rest, foot, data, visit, action);
        return;
    }
    draw_rest(stage, body, data, visit, action);
}

static void draw_detail(const Stage *stage, Rect body, const EventScreen *data, EventVisit *visit) {
    Ui *ui = stage->ui;
    const Event *event = &data->info.event;
    rect_cut_top(&body, 12);
    Button back = {.label = words(stage, M_close_detail), .icon = "chev_gauche"};
    Rect row = rect_cut_bottom(&body, ui_button_height(ui));
    if (ui_button(ui, rect_cut_left(&row, ui_button_width(ui, back)), back)) visit->detail = false;
    rect_cut_bottom(&body, 28);
    rect_cut_top(&body, draw_title(stage, body, data->info.title) + QUARTER);
    ScrollArea scroll = ui_scroll_begin(ui, body, STR("detail"));
    Rect area = scroll.content;
    rect_cut_top(&area, draw_event_facts(stage, area, &data->info, false));
    if (event->access.len)
        rect_cut_top(&area, ui_fact(ui, area, "info", event->access, false, COLOR_NONE) + HALF);
    rect_cut_top(&area, HALF);
    if (data->markdown) rect_cut_top(&area, ui_markdown(ui, area, data->markdown) + 24);
    if (data->programme_count)
        rect_cut_top(&area, ui_programme(ui, area, data->programme, data->programme_count));
    ui_scroll_end(ui, scroll, area.y - scroll.content.y, page_words(stage, STR("detail")));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const EventScreen *data = in;
    EventVisit *visit = state;
    Action action = action_none();
    Ui *ui = stage->ui;
    if (visit->detail)
        draw_detail(stage, page_body(stage), data, visit);
    else if (ui->screen.layout == LAYOUT_PORTRAIT)
        draw_portrait(stage, ui_content(ui), data, visit, &action);
    else
        draw_columns(stage, page_body(stage), data, visit, &action);
    return action;
}

const ScreenKind screen_event = {
    .name = "event",
    .state_size = sizeof(EventVisit),
    .data_size = sizeof(EventScreen),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_seats) | KIND_BIT(K_quota) | KIND_BIT(K_registration) |
             KIND_BIT(K_org),
    .by_minute = true,
    .load = load,
    .draw = draw,
};
