# Kiosk B, before and after: the welcome day and its free seats.
tap 960 540
shot build/demo/shots/b-home.png
tap "Me former"
#next-week tap "Semaine suivante"
shot build/demo/shots/b-agenda.png
tap "Journée des nouveaux"
expect "places libres sur"
shot build/demo/shots/b-event.png
dump build/demo/shots/b-event.txt
