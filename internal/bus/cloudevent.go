package bus

import (
	"encoding/json"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// EventPrefix stands before the subject of an event wherever it leaves the program.
const EventPrefix = "jinghe.v1."

// ContentType is that of an event in structured mode (CloudEvents 1.0, HTTP
// and JSON bindings).
const ContentType = "application/cloudevents+json; charset=UTF-8"

// cloudEvent is an event in the JSON format of CloudEvents 1.0.
type cloudEvent struct {
	SpecVersion string `json:"specversion"` // "1.0"
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"` // jinghe.v1.<noun>.<verb>
	// Subject is the row concerned, where it is one.
	Subject     string    `json:"subject,omitempty"`
	Time        time.Time `json:"time"`
	ContentType string    `json:"datacontenttype"`
	Data        eventData `json:"data"`
}

type eventData struct {
	IDs   []scene.ID `json:"ids"`
	Actor string     `json:"actor,omitempty"`
}

// EncodeEvent writes an event in the JSON format of CloudEvents 1.0: the same for
// every way by which it leaves the program. source names the installation.
func EncodeEvent(e scene.Event, source string) ([]byte, error) {
	c := cloudEvent{
		SpecVersion: "1.0", ID: string(e.ID), Source: source, Type: EventPrefix + e.Subject,
		Time: e.Time.UTC(), ContentType: "application/json", Data: eventData{IDs: e.IDs, Actor: e.Actor},
	}
	if len(e.IDs) == 1 {
		c.Subject = string(e.IDs[0])
	}
	if c.Data.IDs == nil {
		c.Data.IDs = []scene.ID{}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Key: "bus.event", Args: map[string]any{"id": string(e.ID)}, Err: err}
	}
	return body, nil
}

// DecodeEvent reads an event of version 1 of this program. The error is Invalid.
func DecodeEvent(body []byte) (scene.Event, error) {
	var c cloudEvent
	err := json.Unmarshal(body, &c)
	subject, ours := strings.CutPrefix(c.Type, EventPrefix)
	if err != nil || c.SpecVersion != "1.0" || c.ID == "" || !ours || !ValidSubject(subject) {
		return scene.Event{}, &scene.Error{Code: scene.Invalid, Key: "bus.event", Args: map[string]any{"id": c.ID}, Err: err}
	}
	e := scene.Event{ID: scene.ID(c.ID), Subject: subject, IDs: c.Data.IDs, Time: c.Time, Actor: c.Data.Actor}
	if len(e.IDs) == 0 {
		e.IDs = nil
	}
	return e, nil
}
