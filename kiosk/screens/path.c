/* One path: the line of its moments, my steps at the chosen one, and what those who accompany me do. */
#include "kiosk/screens/parts.h"

enum { MOMENTS = StepAnchor_count - 1, RIGHT_W = 648, GUTTER = 64 };

typedef struct PathStep {
    Step step;
    bool done, provisional;
} PathStep;

typedef struct PathScreen {
    Path path;
    PathStep *steps;
    size_t count;
    int done; /* those ticked, whoever's they are */
    bool has_run;
    Str sponsor, manager;
    int now; /* moment to begin with: where something is left to do */
} PathScreen;

typedef struct PathVisit {
    int moment; /* 1 + the chosen one; 0 = where the run is */
} PathVisit;

static Str person_name(const Stage *stage, Str id) {
    Person person;
    bool known = id.len && records_get(stage->records, K_person, id, &person, stage->arena, NULL) == OK;
    return known ? person.name : (Str){0};
}

static Status load_ticks(const Stage *stage, Str run_id, PathScreen *data, Err *err) {
    void *rows = NULL;
    size_t count = 0;
    TRY(load_by(stage, VIEW_ticks_of_run, run_id, &rows, &count, err));
    const Tick *ticks = rows;
    for (size_t i = 0; i < count; i++) {
        for (size_t s = 0; s < data->count; s++) {
            if (!str_equal(ticks[i].step, data->steps[s].step.meta.id)) continue;
            data->steps[s].done = ticks[i].done == TRUTH_YES;
            data->steps[s].provisional = ticks[i].meta.draft;
        }
    }
    return OK;
}

static Status load_run(const Stage *stage, PathScreen *data, Err *err) {
    if (!stage->session->open) return OK;
    Run run;
    Str id = id_join(stage->arena, stage->session->person.meta.id, data->path.meta.id);
    Status status = records_get(stage->records, K_run, id, &run, stage->arena, err);
    if (status == E_NOTFOUND) return OK;
    if (status != OK) return status;
    data->has_run = true;
    data->sponsor = person_name(stage, run.sponsor);
    data->manager = person_name(stage, run.manager);
    return load_ticks(stage, id, data, err);
}

static bool is_mine(const Step *step) {
    return step->actor == StepActor_newcomer;
}

static void count_steps(PathScreen *data) {
    int first_left = MOMENTS;
    for (size_t i = 0; i < data->count; i++) {
        const PathStep *one = &data->steps[i];
        data->done += one->done;
        if (!is_mine(&one->step)) continue;
        int moment = (int)one->step.anchor - 1;
        if (!one->done && moment >= 0 && moment < first_left) first_left = moment;
    }
    data->now = first_left < MOMENTS ? first_left : MOMENTS - 1;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    PathScreen *data = out;
    TRY(records_get(stage->records, K_path, stage->arg, &data->path, stage->arena, err));
    void *rows = NULL;
    TRY(load_by(stage, VIEW_steps_of_path, stage->arg, &rows, &data->count, err));
    data->steps = ARENA_ARRAY(stage->arena, PathStep, data->count + 1);
    for (size_t i = 0; i < data->count; i++) data->steps[i].step = ((const Step *)rows)[i];
    TRY(load_run(stage, data, err));
    count_steps(data);
    return OK;
}

/* ---- the line ---- */

static bool moment_done(const PathScreen *data, int moment) {
    bool any = false;
    for (size_t i = 0; i < data->count; i++) {
        if ((int)data->steps[i].step.anchor - 1 != moment || !is_mine(&data->steps[i].step)) continue;
        if (!data->steps[i].done) return false;
        any = true;
    }
    return any;
}

static int draw_line(const Stage *stage, Rect rect, const PathScreen *data, int selected) {
    static const Message labels[MOMENTS] = {M_moment_before, M_moment_day1, M_moment_week1,
                                            M_moment_d30,    M_moment_d60,  M_moment_d90};
    static const Message brief[MOMENTS] = {M_moment_before,    M_moment_day1,      M_moment_week1_short,
                                           M_moment_d30_short, M_moment_d60_short, M_moment_d90_short};
    const Message *said = rect.w < 1500 ? brief : labels;
    Stop stops[MOMENTS];
    for (int i = 0; i < MOMENTS; i++) {
        StopState state = i == data->now ? STOP_NOW : moment_done(data, i) ? STOP_DONE : STOP_TO_COME;
        stops[i] = (Stop){.state = state, .label = words(stage, said[i])};
    }
    return ui_path(stage->ui, rect, stops, MOMENTS, selected);
}

/* ---- my steps ---- */

static const char *step_icon(const Step *step) {
    switch (step->type) {
    case StepType_page:
        return "livre";
    case StepType_procedure:
        return "badge";
    case StepType_event:
        return "calendrier";
    case StepType_meeting:
        return "personnes";
    case StepType_check:
    case StepType_absent:
    case StepType_unknown:
    case StepType_count:
        break;
    }
    return "liste";
}

static ListRow step_row(const Stage *stage, const PathStep *one) {
    const Step *step = &one->step;
    Str title = in_lang(stage, &step->meta, "title", step->title);
    TickState tick = one->provisional && one->done ? TICK_PROVISIONAL : one->done ? TICK_ON : TICK_OFF;
    return (ListRow){.title = title,
                     .subtitle = step->mandatory == TRUTH_NO ? words(stage, M_step_optional) : (Str){0},
                     .key = step->meta.id,
                     .icon_right = step_icon(step),
                     .done = one->done,
                     .tick = tick,
                     .tick_spoken = words_with(stage, one->done ? M_untick : M_tick, TXT(title))};
}

static Action tick_action(const PathScreen *data, const PathStep *one) {
    return (Action){.type = ACTION_PERFORM,
                    .deed = {.purpose = PURPOSE_TICK,
                             .subject = data->path.meta.id,
                             .step = one->step.meta.id,
                             .done = !one->done}};
}

static int draw_steps(const Stage *stage, Rect area, const PathScreen *data, int moment, Action *action) {
    Ui *ui = stage->ui;
    int top = area.y;
    for (size_t i = 0; i < data->count; i++) {
        const PathStep *one = &data->steps[i];
        if ((int)one->step.anchor - 1 != moment || !is_mine(&one->step)) continue;
        ListRow row = step_row(stage, one);
        Rect face = rect_make(area.x, area.y, area.w, ui_row_height(ui, area.w, &row));
        RowTouched touched = ui_row(ui, face, &row);
        if (touched == ROW_TICK) *action = tick_action(data, one);
        if (touched == ROW_OPEN) *action = open_screen(SCREEN_step, one->step.meta.id);
        rect_cut_top(&area, face.h + EDGE + 20);
    }
    if (area.y == top)
        rect_cut_top(&area, ui_text(ui, area, words(stage, M_no_step_for_me),
                                    (TextLook){.font = FONT_S, .color = ui->theme.ink2}) +
                                20);
    return area.y - top;
}

/* ---- those who accompany me ---- */

static Str companion_head(const Stage *stage, const PathScreen *data, StepActor actor) {
    Message alone = actor == StepActor_sponsor   ? M_actor_sponsor
                    : actor == StepActor_manager ? M_actor_manager
                                                 : M_actor_hr;
    Str name = actor == StepActor_sponsor   ? data->sponsor
               : actor == StepActor_manager ? data->manager
                                            : (Str){0};
    if (!name.len) return words(stage, alone);
    return words_with(stage, actor == StepActor_sponsor ? M_actor_sponsor_named : M_actor_manager_named,
                      TXT(name));
}

/* What one of them does at this moment; with `ui` drawn, else measured. */
static int companion(const Stage *stage, Rect area, const PathScreen *data, StepActor actor, int moment,
                     bool drawn) {
    Ui *ui = stage->ui;
    int used = 0;
    Rect texts = area;
    rect_cut_left(&texts, ICON + 20);
    for (size_t i = 0; i < data->count; i++) {
        const Step *step = &data->steps[i].step;
        if ((int)step->anchor - 1 != moment || step->actor != actor) continue;
        Rect at = rect_make(texts.x, texts.y + used, texts.w, texts.h);
        if (!used) {
            Str head = companion_head(stage, data, actor);
            TextLook look = {.font = FONT_S_BOLD};
            if (drawn)
                ui_icon(ui, rect_make(area.x, area.y + 2, ICON, ICON),
                        actor == StepActor_sponsor ? "parrain" : "personne", COLOR_NONE);
            int height = drawn ? ui_text(ui, at, head, look) : ui_text_height(ui, at.w, head, look);
            used += height + 4;
            at.y += height + 4;
        }
        Str title = in_lang(stage, &step->meta, "title", step->title);
        TextLook look = {.font = FONT_S, .color = ui->theme.ink2};
        used += (drawn ? ui_text(ui, at, title, look) : ui_text_height(ui, at.w, title, look)) + 4;
    }
    return used;
}

static int companions(const Stage *stage, Rect area, const PathScreen *data, int moment, bool drawn) {
    static const StepActor actors[] = {StepActor_sponsor, StepActor_manager, StepActor_hr};
    int used = 0;
    for (size_t i = 0; i < COUNT(actors); i++) {
        Rect at = rect_make(area.x, area.y + used, area.w, area.h);
        int gap = used ? 40 : 0;
        int height = companion(stage, rect_move(at, 0, gap), data, actors[i], moment, drawn);
        if (!height) continue;
        if (gap && drawn) ui_separator(stage->ui, area.x, at.y + gap / 2, area.w);
        used += gap + height;
    }
    return used;
}

static int draw_companions(const Stage *stage, Rect area, const PathScreen *data, int moment) {
    Ui *ui = stage->ui;
    int inner_h = companions(stage, rect_make(0, 0, area.w - 64, 0), data, moment, false);
    if (!inner_h) return 0;
    int head = ui_text(ui, area, words(stage, M_who_accompanies), (TextLook){.font = FONT_M_BOLD}) + 20;
    rect_cut_top(&area, head);
    Rect card = rect_make(area.x, area.y, area.w, inner_h + 64);
    ui_card(ui, card);
    companions(stage, rect_inset(card, 32), data, moment, true);
    return head + card.h;
}

/* ---- the page ---- */

static Rect draw_top(const Stage *stage, Rect area, const PathScreen *data) {
    Ui *ui = stage->ui;
    rect_cut_top(&area, 12);
    Str tag = data->has_run ? words_with(stage, M_steps_of, NUM(data->done), NUM((int64_t)data->count))
                            : words_with(stage, M_steps, NUM((int64_t)data->count));
    int tag_w = ui_tag_width(ui, tag);
    ui_tag_right(ui, rect_right(area), area.y + 16, tag, TONE_ACCENT);
    Rect title = area;
    rect_cut_right(&title, tag_w + GRID);
    rect_cut_top(&area,
                 draw_title(stage, title, in_lang(stage, &data->path.meta, "title", data->path.title)) +
                     QUARTER);
    return area;
}

static Message moment_head(int moment) {
    static const Message heads[MOMENTS] = {M_for_me_before, M_for_me_day1, M_for_me_week1,
                                           M_for_me_d30,    M_for_me_d60,  M_for_me_d90};
    return heads[moment];
}

static void draw_moment(const Stage *stage, Rect area, const PathScreen *data, int moment, Action *action) {
    Ui *ui = stage->ui;
    bool columns = area.w >= 1500;
    ScrollArea scroll = ui_scroll_begin(ui, area, STR("steps"));
    Rect left = scroll.content, right = scroll.content;
    if (columns) {
        right = rect_cut_right(&left, RIGHT_W - (area.w - scroll.content.w));
        rect_cut_right(&left, GUTTER);
    }
    int top = left.y;
    rect_cut_top(&left,
                 ui_text(ui, left, words(stage, moment_head(moment)), (TextLook){.font = FONT_M_BOLD}) + 20);
    rect_cut_top(&left, draw_steps(stage, left, data, moment, action));
    if (!data->has_run && !stage->session->open)
        rect_cut_top(&left, ui_banner(ui, left, BANNER_INFO, (Str){0}, words(stage, M_path_badge_hint)) + 20);
    int used = left.y - top;
    if (!columns) {
        rect_cut_top(&left, QUARTER);
        used += QUARTER + draw_companions(stage, left, data, moment);
    } else {
        int height = draw_companions(stage, right, data, moment);
        used = height > used ? height : used;
    }
    ui_scroll_end(ui, scroll, used, page_words(stage, STR("steps")));
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const PathScreen *data = in;
    PathVisit *visit = state;
    Action action = action_none();
    Rect area = draw_top(stage, page_body(stage), data);
    int moment = visit->moment ? visit->moment - 1 : data->now;
    int touched = draw_line(stage, rect_cut_top(&area, 200), data, moment);
    if (touched >= 0) {
        visit->moment = touched + 1;
        ui_scroll_to(stage->ui, STR("steps"), 0);
    }
    draw_moment(stage, area, data, moment, &action);
    return action;
}

const ScreenKind screen_path = {
    .name = "path",
    .state_size = sizeof(PathVisit),
    .data_size = sizeof(PathScreen),
    .reads = KIND_BIT(K_path) | KIND_BIT(K_step) | KIND_BIT(K_run) | KIND_BIT(K_tick) | KIND_BIT(K_person),
    .load = load,
    .draw = draw,
};
