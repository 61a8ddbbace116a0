/* Every component in every state: compared as text with tests/golden/components/NAME.txt, and drawn as
 * pictures on demand.
 *
 *     golden_components_test                      compares; a missing reference fails
 *     golden_components_test --write              writes the references anew (look at the difference before
 * committing) golden_components_test --pictures FOLDER    paints PNGs with the real fonts */
#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/utf8.h"
#include "kiosk/gfx/gfx.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/markdown.h"
#include "kiosk/ui/widgets.h"
#include "tests/harness/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const UiLabels french = {
    .page_up = {"Page précédente", 17},
    .page_down = {"Page suivante", 13},
    .key_shift = {"Maj", 3},
    .key_erase = {"Effacer", 7},
    .key_space = {"espace", 6},
    .key_digits = {"123", 3},
    .key_letters = {"abc", 3},
    .yes = {"oui", 3},
    .no = {"non", 3},
    .back = {"Retour", 6},
    .home = {"Accueil", 7},
    .access = {"Accessibilité et langue", 24},
    .access_short = {"Accès, langue", 14},
    .help = {"Aide", 4},
};

static const TopBar top_bar = {.org = {"Orléans", 8},
                               .place = {"Hôtel de ville, hall", 21},
                               .freshness_words = {"à jour il y a 3 min", 20},
                               .date = {"mardi 24 novembre", 17},
                               .clock = {"9 h 12", 8}};

static void bars(Ui *ui, bool session) {
    ui_set_session(ui, session);
    TopBar top = top_bar;
    BottomBar bottom = {.back_off = !session, .home_off = !session};
    top.clock = STR("9\u00a0h\u00a012");
    if (session) bottom.session_name = STR("Nadia B."), bottom.session_word = STR("terminer");
    ui_top_bar(ui, &top);
    ui_bottom_bar(ui, &bottom);
}

static void heading(Ui *ui, Rect *rest, Str words) {
    rect_cut_top(rest, ui_text(ui, *rest, words, (TextLook){.color = ui->theme.ink2}) + 8);
}

/* ---- sheets ---- */

static void buttons_sheet(Ui *ui) {
    Rect rest = rect_inset(ui_page(ui), 64);
    rect_cut_top(&rest, ui_text(ui, rest, STR("Composants et états"), (TextLook){.font = FONT_L}) + 20);
    heading(ui, &rest, STR("Boutons\u00a0: normal, inactif, danger"));
    const Button first[] = {{.kind = BUTTON_PRIMARY, .label = STR("Je m’inscris")},
                            {.kind = BUTTON_PRIMARY, .label = STR("Complet"), .disabled = true},
                            {.kind = BUTTON_DANGER_CONFIRM, .label = STR("Me désinscrire")},
                            {.kind = BUTTON_PRIMARY, .label = STR("Proposer"), .icon = "crayon"}};
    const Button second[] = {{.label = STR("Rester")},
                             {.label = STR("Rester"), .disabled = true},
                             {.kind = BUTTON_DANGER, .label = STR("Annuler")},
                             {.label = STR("Mes horaires"), .icon_after = "chev_droite"}};
    for (int i = 0; i < 4; i++) {
        ui_button(ui, rect_column(rect_make(rest.x, rest.y, rest.w, 106), 4, i, GRID), first[i]);
        ui_button(ui, rect_column(rect_make(rest.x, rest.y + 138, rest.w, 106), 4, i, GRID), second[i]);
    }
    rect_cut_top(&rest, 290);
    heading(ui, &rest, STR("Puces et étiquettes"));
    const Chip chips[] = {{.label = STR("Lieu"), .icon = "lieu", .opens_list = true},
                          {.label = STR("Public\u00a0: agents"), .on = true},
                          {.label = STR("Places libres"), .icon = "chaise"}};
    ui_chips(ui, &rest, chips, 3);
    rect_cut_top(&rest, 24);
    const Str words[] = {STR("Nouvelle"),     STR("À l’étude"), STR("Réalisée"),
                         STR("Attente n° 3"), STR("Annulé"),    STR("4 places")};
    const Tone tones[] = {TONE_NEUTRAL, TONE_ACCENT, TONE_OK, TONE_SIGNAL, TONE_BAD, TONE_FULL_SIGNAL};
    for (int i = 0, x = rest.x; i < 6; i++) x = rect_right(ui_tag(ui, x, rest.y, words[i], tones[i])) + 14;
    rect_cut_top(&rest, 100);
    heading(ui, &rest, STR("Bandeaux\u00a0: ancien, provisoire, hors ligne, erreur"));
    const BannerKind kinds[] = {BANNER_STALE, BANNER_PROVISIONAL, BANNER_OFFLINE,
                                BANNER_ERROR, BANNER_INFO,        BANNER_OK};
    const Str texts[] = {STR("à jour il y a 3\u00a0h"),
                         STR("Demande enregistrée, à confirmer"),
                         STR("Sans liaison depuis 7\u00a0h\u00a040"),
                         STR("Badge inconnu. Essayez nom et code."),
                         STR("Une question\u202f? D’abord votre marraine."),
                         STR("Tout est en ordre.")};
    for (int i = 0; i < 6; i++) {
        Rect cell = rect_column(rest, 2, i % 2, GRID);
        cell.y += i / 2 * 120;
        ui_banner(ui, cell, kinds[i], i == 4 ? STR("L’essentiel.") : (Str){0}, texts[i]);
    }
    rect_cut_top(&rest, 410);
    for (int i = 0; i < 3; i++) {
        Rect cell = rect_column(rest, 3, i, 56);
        ui_seat_meter(ui, cell,
                      (SeatMeter){.seats = 12,
                                  .free = i == 2 ? 0 : 4,
                                  .free_own = i == 0 ? 2 : 0,
                                  .words = i == 2 ? STR("Complet") : STR("4 places libres sur 12"),
                                  .own_words = i == 0 ? STR("dont 2 ici") : (Str){0}});
    }
    rect_cut_top(&rest, 190);
    const Stop stops[] = {{STOP_DONE, STR("Avant"), {0}},
                          {STOP_NOW, STR("1ᵉʳ jour"), {0}},
                          {STOP_TO_COME, STR("1ʳᵉ semaine"), {0}},
                          {STOP_CANCELLED, STR("annulé"), {0}}};
    ui_path(ui, rect_make(rest.x, rest.y, 1100, 160), stops, 4, 1);
    ui_countdown(ui, rect_make(rest.x + 1300, rest.y - 20, 228, 228), 15, 20, STR("15"));
    rect_cut_top(&rest, 240);
    Rect tiles = rect_cut_left(&rest, 880);
    ui_tile(ui, rect_make(tiles.x, tiles.y, 424, 262), STR("Me former"), "former");
    ui_tile(ui, rect_make(tiles.x + 456, tiles.y, 424, 262), STR("Mangeurs de\u00a0temps"), "mangeurs");
    rect_cut_left(&rest, 32);
    ListRow row = {.title = STR("Lire le livret"), .icon = "livre", .icon_right = "chev_droite"};
    ui_row(ui, rect_make(rest.x, rest.y, rest.w, 112), &row);
    row = (ListRow){.title = STR("Retirer mon badge, hall, guichet\u00a02"),
                    .icon_right = "badge",
                    .tick = TICK_ON,
                    .done = true,
                    .tick_spoken = STR("fait")};
    ui_row(ui, rect_make(rest.x, rest.y + 144, rest.w, 112), &row);
}

static void home_sheet(Ui *ui) {
    static const struct {
        const char *label, *icon;
    } tiles[] = {{"J’arrive", "arrive"},
                 {"Me former", "former"},
                 {"RISE", "rise"},
                 {"Boîte à outils", "outils"},
                 {"Mangeurs de\u00a0temps", "mangeurs"},
                 {"Idées", "idees"},
                 {"Qui m’aide\u202f?", "quimaide"},
                 {"Rechercher", "recherche"}};
    bars(ui, false);
    Rect content = ui_content(ui);
    bool wide = ui->screen.layout == LAYOUT_WIDE, tall = ui->screen.layout == LAYOUT_PORTRAIT;
    Rect band = rect_cut_top(&content, wide ? 256 : tall ? 494 : 158);
    ui_fill(ui, band, ui->theme.accent);
    Rect inside = rect_inset_xy(band, ui_margin(ui), 22);
    TodayRow rows[] = {{.when = STR("10\u00a0h\u00a0– 12\u00a0h"),
                        .title = STR("iX’Presso «\u00a0Réunion efficace\u00a0»"),
                        .places = STR("4 places"),
                        .two_lines = !wide},
                       {.when = STR("14\u00a0h\u00a0– 15\u00a0h\u00a030"),
                        .title = STR("RISE\u00a0: Voirie, Espaces verts"),
                        .note = STR("sur invitation"),
                        .two_lines = !wide}};
    if (wide) {
        ui_text(ui, inside, STR("Aujourd’hui ici"), (TextLook){.font = FONT_L, .color = ui->theme.on_accent});
        rect_cut_left(&inside, 584);
        for (int i = 0; i < 2; i++)
            ui_today_row(ui, rect_make(inside.x, inside.y + i * 114, inside.w, 96), &rows[i]);
    } else if (tall) {
        rect_cut_top(&inside, ui_text(ui, inside, STR("Aujourd’hui ici"),
                                      (TextLook){.font = FONT_L, .color = ui->theme.on_accent}) +
                                  36);
        for (int i = 0; i < 2; i++)
            ui_today_row(ui,
                         rect_make(inside.x + 56, inside.y + i * 182, inside.w - 56,
                                   ui_today_row_height(ui, inside.w - 56, &rows[i])),
                         &rows[i]);
    } else {
        rect_cut_left(&inside, 404);
        ui_today_row(ui, rect_make(inside.x, band.y + 16, 664, 122), &rows[0]);
    }
    Rect grid = rect_inset_xy(content, ui_margin(ui), wide ? 24 : 22);
    grid.h -= EDGE;
    for (int i = 0; i < 8; i++) {
        Rect face =
            rect_cell(grid, tall ? 2 : 4, tall ? 4 : 2, i, wide || tall ? GRID : 25, wide ? 30 : GRID);
        ui_tile(ui, face, str_of(tiles[i].label), tiles[i].icon);
    }
}

static void keyboard_sheet(Ui *ui) {
    bars(ui, true);
    Rect body = ui_body(ui);
    Rect board = rect_cut_bottom(&body, ui_keyboard_height(ui, KEYBOARD_TEXT));
    if (ui->screen.layout != LAYOUT_SMALL) {
        rect_cut_top(&body, ui_text(ui, body, STR("Votre nom"), (TextLook){.font = FONT_L}));
        Str hint = STR("Prénom et première lettre du nom");
        rect_cut_top(&body, ui_text(ui, body, hint, (TextLook){.color = ui->theme.ink2}) + 24);
    }
    if (!ui_field_text(ui, STR("name")).len) ui_field_set(ui, STR("name"), STR("Nadi"));
    Field field = {.key = STR("name"), .label = STR("Votre nom"), .icon = "personne", .in_use = true};
    ui_field(ui, rect_cut_top(&body, FIELD_H), field);
    ui_keyboard(ui, board,
                (Keyboard){.field = STR("name"), .done_label = STR("Continuer"), .capitals = true});
}

static void code_sheet(Ui *ui) {
    bars(ui, true);
    Rect body = ui_body(ui);
    Rect board = rect_cut_bottom(&body, ui_keyboard_height(ui, KEYBOARD_CODE));
    ui_field_set(ui, STR("code"), STR("123"));
    ui_code_dots(ui, rect_cut_top(&body, 100), STR("code"), 6);
    ui_banner(ui, body, BANNER_ERROR, (Str){0}, STR("Ce code n’est pas le bon. Encore deux essais."));
    ui_keyboard(ui, rect_centered(board, 620, board.h),
                (Keyboard){.kind = KEYBOARD_CODE, .field = STR("code"), .done_label = STR("Continuer")});
}

static void week_sheet(Ui *ui) {
    bars(ui, false);
    Rect body = ui_body(ui);
    rect_cut_top(&body, 0);
    const Str tabs[] = {STR("Semaine"), STR("Mois"), STR("Liste")};
    Rect head = rect_cut_top(&body, TROUGH_H);
    ui_tabs(ui, rect_make(head.x, head.y, ui_tabs_width(ui, tabs, 3), TROUGH_H), tabs, 3, 0);
    ui_arrow_button(ui, rect_make(rect_right(head) - 100, head.y, 100, 94), "chev_droite",
                    STR("Semaine suivante"), false);
    rect_cut_top(&body, 16);
    const Chip chips[] = {{.label = STR("Public\u00a0: agents"), .on = true},
                          {.label = STR("Lieu"), .icon = "lieu", .opens_list = true}};
    ui_chips(ui, &body, chips, 2);
    rect_cut_top(&body, 20);
    const Stop days[] = {{STOP_DONE, STR("lun.\u00a023"), {0}},
                         {STOP_NOW, STR("aujourd’hui"), {0}},
                         {STOP_TO_COME, STR("mer.\u00a025"), {0}},
                         {STOP_TO_COME, STR("jeu.\u00a026"), {0}},
                         {STOP_TO_COME, STR("ven.\u00a027"), {0}}};
    ui_week_line(ui, rect_cut_top(&body, 116), days, 5);
    const EventCard cards[] = {{.when = STR("10\u00a0h\u00a0– 12\u00a0h"),
                                .title = STR("Réunion efficace"),
                                .state_text = STR("4 places"),
                                .state = EVENT_FREE},
                               {.when = STR("14\u00a0h\u00a0– 16\u00a0h"),
                                .title = STR("Chasser les mangeurs de temps"),
                                .state_text = STR("complet"),
                                .state = EVENT_FULL},
                               {.when = STR("9\u00a0h\u00a0– 17\u00a0h"),
                                .title = STR("Journée des nouveaux recrutés"),
                                .state_text = STR("passé"),
                                .state = EVENT_PAST},
                               {.when = STR("10\u00a0h\u00a0– 12\u00a0h"),
                                .title = STR("Kit GPS\u00a0: cadrer un projet"),
                                .by = STR("par Saran"),
                                .state_text = STR("inscrit"),
                                .state = EVENT_MINE}};
    for (int i = 0; i < 4; i++) {
        Rect column = rect_column(body, 5, i + 1, 28);
        column.h = ui_event_card_height(ui, column.w, &cards[i]);
        ui_event_card(ui, column, &cards[i]);
    }
}

static void ideas_sheet(Ui *ui) {
    static const struct {
        const char *title, *theme, *votes, *tag;
        Tone tone;
    } ideas[] = {{"Une réunion sans écran par semaine", "Réunions", "47", "Reprise, projet 1", TONE_SIGNAL},
                 {"Prêter les broyeurs entre communes", "Matériel", "38", "À l’étude", TONE_ACCENT},
                 {"Un tableau des compétences au dépôt", "Transversalité", "31", "Réalisée", TONE_OK},
                 {"Échanger son poste une journée", "Découvrir les métiers", "12", "Nouvelle", TONE_NEUTRAL},
                 {"Un vélo pour deux services", "Matériel", "9", "Nouvelle", TONE_NEUTRAL},
                 {"Les plans des salles en ligne", "Réunions", "4", "Nouvelle", TONE_NEUTRAL}};
    bars(ui, false);
    Rect body = ui_body(ui);
    ui_text(ui, rect_cut_top(&body, 128), STR("Idées"), (TextLook){.font = FONT_L});
    ScrollArea area = ui_scroll_begin(ui, body, STR("ideas"));
    int first, last, pages, page = ui_scroll_page(ui, STR("ideas"), &pages);
    ui_scroll_rows(ui, &area, 148 + EDGE, 20, 6, &first, &last);
    for (int i = first; i < last; i++) {
        ListRow row = {.title = str_of(ideas[i].title),
                       .subtitle = str_of(ideas[i].theme),
                       .bold = true,
                       .tag = str_of(ideas[i].tag),
                       .tag_tone = ideas[i].tone,
                       .vote_count = str_of(ideas[i].votes),
                       .vote_word = STR("voix"),
                       .voted = i == 0};
        ui_row(ui, rect_make(area.content.x, area.content.y + i * 174, area.content.w, 148), &row);
    }
    ui_scroll_end(ui, area, 6 * 174 - 20, str_print(ui->arena, "page %d sur %d", page, pages));
}

static void result_sheet(Ui *ui) {
    bars(ui, true);
    Rect rest =
        ui_result_panel(ui, RESULT_CONFIRMED, STR("C’est confirmé"), STR("Votre place est réservée, Nadia."));
    Rect body = rect_inset_xy(rest, ui_margin(ui), GRID);
    rect_cut_top(&body, ui_text(ui, body, STR("iX’Presso «\u00a0Réunion efficace\u00a0»"),
                                (TextLook){.font = FONT_M_BOLD}) +
                            24);
    rect_cut_top(
        &body,
        ui_fact(ui, body, "calendrier", STR("mardi 24 novembre, 10\u00a0h\u00a0– 12\u00a0h"), true, 0) + 12);
    rect_cut_top(&body, ui_fact(ui, body, "lieu", STR("Salle du Conseil, 2ᵉ étage"), false, 0) + 12);
    const Button buttons[] = {{.label = STR("Rester")},
                              {.kind = BUTTON_PRIMARY, .label = STR("Terminer (10 s)")}};
    ui_button_row(ui, body, buttons, 2);
    rect_cut_bottom(&body, 144);
    ui_qr_card(
        ui, body,
        (QrCard){.content = STR("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Réunion "
                                "efficace\r\nDTSTART:20261124T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
                 .title = STR("Ajouter à mon téléphone"),
                 .sentence = STR("Visez ce code avec l’appareil photo.")});
}

static void dialog_sheet(Ui *ui) {
    bars(ui, true);
    Rect inside = ui_dialog(ui, STR("still-there"), 608);
    const Button buttons[] = {{.label = STR("Terminer")},
                              {.kind = BUTTON_PRIMARY, .label = STR("Continuer")}};
    ui_button_row(ui, inside, buttons, 2);
    ui_countdown(ui, rect_make(inside.x + 8, inside.y + 8, 228, 228), 15, 20, STR("15"));
    rect_cut_left(&inside, 296);
    rect_cut_top(&inside, ui_text(ui, inside, STR("Toujours là\u202f?"), (TextLook){.font = FONT_L}) + 12);
    ui_text(ui, inside,
            STR("Sans réponse, la borne revient à l’accueil dans 15 s et oublie tout ce qui vous concerne."),
            (TextLook){.font = FONT_S});
}

static void technician_sheet(Ui *ui) {
    static const struct {
        const char *label, *icon;
    } pages[] = {{"Réseau", "reseau"},
                 {"Synchro", "sync"},
                 {"Jumelage", "jumelage"},
                 {"Écran", "ecran"},
                 {"Badge", "badge"}};
    bars(ui, false);
    Rect body = ui_body(ui), side = rect_cut_left(&body, 376);
    for (int i = 0; i < 5; i++)
        ui_side_item(ui, rect_cut_top(&side, 100), str_of(pages[i].label), pages[i].icon, i == 1);
    rect_cut_left(&body, 64);
    Rect figures = rect_cut_top(&body, 164);
    const Str numbers[] = {STR("12"), STR("14 min"), STR("0,4 s")},
              words[] = {STR("opérations en attente"), STR("dernier contact"), STR("écart d’horloge")};
    for (int i = 0; i < 3; i++) ui_figure(ui, rect_column(figures, 3, i, GRID), numbers[i], words[i]);
    rect_cut_top(&body, 24);
    const bool hours[24] = {1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    ui_hours(ui, rect_cut_top(&body, 48), hours, 24);
    rect_cut_top(&body, 24);
    const TableColumn columns[] = {{.head = STR("Portée")},
                                   {.head = STR("Fiches"), .align = ALIGN_RIGHT},
                                   {.head = STR("Somme")},
                                   {.head = STR("Contrôle")}};
    const TableCell cells[] = {{.text = STR("public")},
                               {.text = STR("412")},
                               {.text = STR("3b36 2545")},
                               {.text = STR("égale au serveur"), .icon = "coche_cercle", .tone = TONE_OK},
                               {.text = STR("pool\u00a0: agglo")},
                               {.text = STR("1\u202f250")},
                               {.text = STR("9c04 e1d7")},
                               {.text = STR("différente"), .icon = "alerte", .tone = TONE_BAD}};
    rect_cut_top(&body, ui_table(ui, body, columns, 4, cells, 2) + 24);
    Rect switches = rect_cut_top(&body, 156);
    ui_switch(ui, rect_column(switches, 2, 0, GRID),
              (Switch){STR("Contraste fort"), STR("blanc sur noir"), "contraste", false});
    ui_switch(ui, rect_column(switches, 2, 1, GRID),
              (Switch){STR("Mode calme"), STR("rien ne bouge"), "calme", true});
}

static void welcome_sheet(Ui *ui) {
    bars(ui, false);
    Rect content = ui_content(ui),
         left = rect_cut_left(&content, ui->screen.layout == LAYOUT_WIDE ? 912 : content.w / 2);
    ui_fill(ui, left, ui->theme.accent);
    Rect inside = rect_inset_xy(left, ui_margin(ui), 60);
    ui_text(ui, inside, STR("87"), (TextLook){.font = FONT_XL, .color = ui->theme.on_accent});
    ui_progress(ui, rect_make(inside.x, inside.y + 180, inside.w, 36), 87, 146, true);
    ui_button(ui, rect_make(inside.x, inside.y + 280, inside.w, 144),
              (Button){.kind = BUTTON_SIGNAL, .label = STR("Signer ma présence"), .icon = "badge"});
    Rect right = rect_inset_xy(content, ui_margin(ui), 40);
    const ProgrammeRow rows[] = {{STR("9\u00a0h\u00a000"), STR("Accueil et café"), {0}, STOP_DONE},
                                 {STR("9\u00a0h\u00a030"), STR("Mot de bienvenue"), {0}, STOP_NOW},
                                 {STR("10\u00a0h\u00a015"), STR("Le réseau iX, cinq projets"),
                                  STR("Auditorium, rez-de-chaussée"), STOP_TO_COME},
                                 {STR("11\u00a0h\u00a000"), STR("Visite par groupes"), {0}, STOP_CANCELLED}};
    rect_cut_top(&right, ui_programme(ui, right, rows, 4) + 24);
    ui_pill(ui, rect_make(right.x, right.y, right.w, 112), STR("Touchez pour commencer"), "main");
}

static const char booklet[] = "# Mes interlocuteurs\n\nUne question ? D’abord **votre marraine** ou votre "
                              "parrain. Le *référent RH* répond sous deux jours.\n\n"
                              "| Pour | Voir | Poste |\n|---|---|--:|\n| La vie de l’équipe | Samira D., ma "
                              "marraine | 12 |\n| Contrat, paie, congés | Référent RH | 41 20 |\n\n"
                              "## Le premier jour\n\n- [x] Retirer mon badge\n- [ ] Lire le livret\n\n1. "
                              "Arriver à 8\u00a0h\u00a030, par l’entrée du personnel de la rue d’Escures, "
                              "côté parking\n2. Demander l’accueil\n   - au guichet 2\n\n"
                              "> Un code se demande, il ne se devine pas.\n\n---\n\n![Salle du "
                              "Conseil](art-salle.svg)\n\nEt voilà [le lien](https://exemple.fr) en texte.\n";

static void markdown_sheet(Ui *ui) {
    bars(ui, false);
    Arena *arena = arena_open();
    Markdown *markdown = NULL;
    if (markdown_parse(arena, str_of(booklet), &markdown, NULL) == OK) {
        ScrollArea area = ui_scroll_begin(ui, ui_body(ui), STR("booklet"));
        ui_scroll_end(ui, area, ui_markdown(ui, area.content, markdown), (Str){0});
    }
    arena_close(arena);
}

static const struct {
    const char *name;
    void (*draw)(Ui *ui);
    int h;
} sheets[] = {
    {"components", buttons_sheet, 2000},
    {"home", home_sheet, 0},
    {"keyboard", keyboard_sheet, 0},
    {"code", code_sheet, 0},
    {"week", week_sheet, 0},
    {"ideas", ideas_sheet, 0},
    {"result", result_sheet, 0},
    {"dialog", dialog_sheet, 0},
    {"technician", technician_sheet, 0},
    {"welcome", welcome_sheet, 0},
    {"markdown", markdown_sheet, 0},
};

static void draw_twice(Ui *ui, void (*draw)(Ui *ui), const Input *input) {
    Input none = {0};
    Millis now = 100000;
    UiResult result;
    const Input *given = input;
    for (int i = 0; i < 4; i++, now += 1000) {
        ui_begin(ui, given, now);
        draw(ui);
        result = ui_end(ui);
        given = &none;
        if (i > 0 && !result.again) break;
    }
}

/* ---- compared as text ---- */

static int simple_width(void *context, Font font, int size, Str text) {
    (void)context, (void)font;
    return (int)utf8_length(text) * size / 2;
}

static void compare_sheet(size_t index, bool writing) {
    Arena *arena = arena_open();
    Ui *ui = ui_open(
        screen_measure(1920, sheets[index].h ? sheets[index].h : 1080, 476, sheets[index].h ? 476 : 268),
        (TextMeasure){simple_width, NULL});
    ui_set_labels(ui, french);
    draw_twice(ui, sheets[index].draw, &(Input){0});
    AUTO(buf_free) Buf dump = buf_new(1024 * 1024);
    display_list_dump(ui->list, &dump);
    Str path = str_print(arena, RELAIS_SOURCE_DIR "/tests/golden/components/%s.txt", sheets[index].name),
        wanted = {0};
    if (writing)
        assert_int_equal(file_write(str_cstr(arena, path), buf_str(&dump), 0644, NULL), OK);
    else if (file_read(arena, str_cstr(arena, path), 1024 * 1024, &wanted, NULL) != OK)
        fail_msg("%.*s is missing", STR_FORMAT(path));
    if (!writing && !str_equal(wanted, buf_str(&dump))) {
        print_message("%.*s\n", STR_FORMAT(buf_str(&dump)));
        fail_msg("the sheet “%s” is not drawn as agreed", sheets[index].name);
    }
    ui_close(ui);
    arena_close(arena);
}

static void sheets_are_drawn_as_agreed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(sheets); i++) compare_sheet(i, false);
}

/* ---- as pictures ---- */

static Status art(void *context, Str name, Arena *arena, Str *bytes, Err *err) {
    (void)context;
    return file_read(
        arena,
        str_cstr(arena, str_print(arena, "%s/%.*s",
                                  getenv("ART") ? getenv("ART") : RELAIS_ASSETS_DIR "/content/images",
                                  STR_FORMAT(name))),
        4 << 20, bytes, err);
}

static void picture(const char *folder, size_t index, int w, int h, int mm, ThemeChoice choice,
                    const char *suffix) {
    Err err;
    Gfx *gfx = NULL;
    GfxOptions options = {.width_px = w,
                          .height_px = h,
                          .width_mm = mm,
                          .height_mm = mm * h / w,
                          .headless = true,
                          .assets_dir = RELAIS_ASSETS_DIR};
    if (gfx_open(&options, &gfx, &err) != OK) fail_msg("%s", err.text);
    gfx_set_image_source(gfx, art, NULL);
    Ui *ui = ui_open(gfx_screen(gfx), gfx_measure(gfx));
    ui_set_labels(ui, french);
    ui_set_theme(ui, choice);
    draw_twice(ui, sheets[index].draw, &(Input){.type = getenv("FOCUS") ? INPUT_NEXT : INPUT_NONE});
    gfx_paint(gfx, ui->list);
    char path[512];
    snprintf(path, sizeof path, "%s/%s%s.png", folder, sheets[index].name, suffix);
    if (gfx_shot(gfx, path, &err) != OK) fail_msg("%s", err.text);
    ui_close(ui);
    gfx_close(gfx);
}

static void pictures(const char *folder) {
    for (size_t i = 0; i < COUNT(sheets); i++) {
        picture(folder, i, 1920, sheets[i].h ? sheets[i].h : 1080, 476, (ThemeChoice){0}, "");
        if (sheets[i].h) continue;
        picture(folder, i, 1080, 1920, 268, (ThemeChoice){0}, "-portrait");
        picture(folder, i, 1366, 768, 345, (ThemeChoice){0}, "-small");
        picture(folder, i, 1920, 1080, 476, (ThemeChoice){.high_contrast = true}, "-contrast");
        picture(folder, i, 1920, 1080, 476, (ThemeChoice){.larger_text = true, .accent = COLOR(0x8A3318)},
                "-larger");
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "--pictures") == 0) {
        pictures(argv[2]);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--write") == 0) {
        for (size_t i = 0; i < COUNT(sheets); i++) compare_sheet(i, true);
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(sheets_are_drawn_as_agreed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
