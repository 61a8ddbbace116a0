# The tour of tests/shots: every screen once, on glasses of any shape. OUT is replaced by the folder of the size.
shot OUT/01-attract.png
tap 600 300
shot OUT/02-home.png
tap "J’arrive"
shot OUT/07a-paths.png
tap "Mon arrivée aux Espaces verts"
shot OUT/07-path.png
tap "1ᵉʳ jour"
tap "Retirer mon badge, hall, guichet 2"
shot OUT/07b-step.png
tap "Retour"
tap "Accueil"
tap "J’arrive"
tap "Livret d’accueil"
shot OUT/08a-booklet.png
tap "Mes interlocuteurs"
shot OUT/08-page.png
tap "Accueil"
tap "Me former"
shot OUT/03-agenda.png
tap "Liste"
shot OUT/03c-list.png
tap "Semaine"
tap "Lieu"
shot OUT/03d-places.png
tap "Accueil"
tap "Me former"
tap "Semaine suivante"
tap "Semaine suivante"
tap "Semaine suivante"
tap "Semaine suivante"
shot OUT/03b-empty.png
tap "Accueil"
tap "RISE"
shot OUT/09a-rises.png
tap "Retour"
tap "Boîte à outils"
shot OUT/09b-toolbox.png
tap "La charte des réunions"
shot OUT/09c-tool.png
tap "Accueil"
tap "Mangeurs de temps"
shot OUT/09d-eaters.png
tap "La réunion sans ordre du jour"
shot OUT/09e-eater.png
tap "Accueil"
tap "Idées"
shot OUT/09-ideas.png
tap "Prêter les broyeurs entre communes"
shot OUT/09f-idea.png
tap "Accueil"
tap "Qui m’aide ?"
shot OUT/09g-helpers.png
tap "Alain M."
shot OUT/09h-helper.png
tap "Accueil"
tap "Rechercher"
type "reu"
shot OUT/09i-search.png
tap "Voir"
shot OUT/09j-search.png
tap "Aide"
shot OUT/12b-help.png
tap "Retour"
tap "Accueil"
shot OUT/02z-home.png
tap "iX’Presso « Réunion efficace »"
shot OUT/04-event.png
tap "Je m’inscris"
shot OUT/05-identify.png
tap "Nom et code"
type "Nadi"
shot OUT/05b-name.png
type "a B."
tap "Continuer"
type "270"
shot OUT/05c-code.png
type "419"
tap "Continuer"
shot OUT/05d-wrong.png
type "270418"
tap "Continuer"
shot OUT/06b-kept.png
tap "Rester"
shot OUT/06d-stay.png
tap "Mon espace"
shot OUT/06e-space.png
tap "Annuler"
shot OUT/06f-ask.png
tap "Garder ma place"
tap "Mon arrivée"
shot OUT/07c-mypath.png
wait 47000
shot OUT/13-warning.png
tap "Continuer"
tap "Aide"
tap "Accueil"
tap "iX’Presso « Réunion efficace »"
shot OUT/04b-mine.png
tap "terminer"
shot OUT/01b-attract.png
tap 600 300




tap "Retour"
badge 9999999999
shot OUT/05e-unknown.png
