# The choices of a person, and what an event may be: full, past, another organisation's. OUT as in shots.robot;
# lines with #small are for the small glass, those with #large for the others.
tap 600 300
tap "Me former"
#small tap "Page suivante"
tap "Chasser les mangeurs de temps"
shot OUT/04d-full.png
tap "attente"
badge 0013748911
shot OUT/06c-kept-waiting.png
tap "Terminer"
tap 600 300
tap "langue"
shot OUT/12-access.png
tap "Grand"
tap "C’est bon"
tap "Accueil"
shot OUT/02l-home-larger.png
tap "Me former"
shot OUT/03l-agenda-larger.png
tap "Accueil"
tap "Boîte à outils"
shot OUT/09l-toolbox-larger.png
tap "Accueil"
tap "J’arrive"
tap "Mon arrivée aux Espaces verts"
shot OUT/07l-path-larger.png
tap "langue"
tap "Normal"
#large tap "Contraste fort"
#large tap "C’est bon"
#large shot OUT/07k-path-contrast.png
#large tap "Accueil"
#large shot OUT/02k-home-contrast.png
#large tap "Me former"
#large shot OUT/03k-agenda-contrast.png
#large tap "langue"
#large tap "Contraste fort"
#large tap "Tout en bas"
#large tap "C’est bon"
#large tap "Accueil"
#large shot OUT/02r-home-reach.png
#large tap "langue"
#large tap "Tout en bas"
tap "English"
shot OUT/12e-access-english.png
tap "Home"
shot OUT/02e-home-english.png
tap "Training"
shot OUT/03e-agenda-english.png
