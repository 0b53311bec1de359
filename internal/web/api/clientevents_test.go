package api

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"jinghe/client"
	"jinghe/internal/scene"
)

// TestClientKnowsEvents: the client has every field that the API has of an event.
func TestClientKnowsEvents(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"Event": client.Event{}, "EventDelay": client.EventDelay{}, "EventBlock": client.EventBlock{}, "EventAct": client.EventAct{}, "EventSlot": client.EventSlot{},
		"EventWritten": client.EventSetup{}, "EventBlockWrite": client.SetupBlock{}, "EventHallWritten": client.SetupHall{},
		"PartyWritten": client.PartyWritten{}, "DelegateWritten": client.Delegate{}, "EventDelegate": client.Delegate{}, "EventParty": client.EventParty{},
		"PartyAdded": client.PartyAdded{}, "PartyDecided": client.PartyDecided{}, "EventOther": client.EventOther{}, "EventSuggestion": client.EventSuggestion{}, "WishSaid": client.WishSaid{},
		"EventWishes": client.EventWishes{}, "Appointment": client.Appointment{}, "EventSchedule": client.EventSchedule{}, "ScheduleGap": client.ScheduleGap{},
		"EventOutcome": client.EventOutcome{}, "OutcomeSaid": client.EventOutcome{}, "EventPlan": client.EventPlan{}, "EventRound": client.EventRound{},
		"EventMeeting": client.EventMeeting{}, "EventSits": client.EventSits{}, "EventSeat": client.EventSeat{}, "SeatHolder": client.SeatHolder{},
		"Absence": client.Absence{}, "EventDraft": client.EventDraft{}, "DraftFigures": client.DraftFigures{}, "DraftMeeting": client.DraftMeeting{},
		"DraftLeft": client.DraftLeft{}, "DraftChange": client.DraftChange{}, "ChangeSits": client.ChangeSits{}, "Seat": client.Seat{},
		"PlanPublished": client.PlanPublished{}, "EventReport": client.EventReport{}, "ReportGreedy": client.ReportPlan{}, "ReportMeeting": client.ReportMeeting{},
	} {
		schema, there := doc.Components.Schemas[name]
		if !there {
			t.Errorf("the API has no %s", name)
		}
		known := map[string]bool{}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(value)) {
			tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			known[tag] = true
		}
		for field := range schema.Properties {
			if !known[field] && field != "$schema" {
				t.Errorf("%T lacks %s.%s", value, name, field)
			}
		}
	}
}

// TestDelaysAreTold: a program can tell what keeps its hours from what is late.
func TestDelaysAreTold(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	f := scene.Fair{}
	f.Postpone(20, from)
	f.Postpone(5, from.Add(time.Hour))
	if e := eventOf(&f); e.Late != 5 || len(e.Delays) != 2 || e.Delays[0] != (EventDelay{from, 20}) || e.Delays[1] != (EventDelay{from.Add(time.Hour), 5}) {
		t.Errorf("%d minutes, %+v", e.Late, e.Delays)
	}
}
