# Kiosk A: Nadia takes a seat of the welcome day.
shot build/demo/shots/a-1-attract.png
tap 960 540
shot build/demo/shots/a-2-home.png
tap "Me former"
#next-week tap "Semaine suivante"
tap "Journée des nouveaux"
shot build/demo/shots/a-3-event.png
tap "Je m’inscris"
shot build/demo/shots/a-4-badge.png
badge 0013748911
expect "enregistrée"
shot build/demo/shots/a-5-kept.png
sync 10000
expect "confirmé"
shot build/demo/shots/a-6-confirmed.png
