package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
)

const tagReceivers = "receivers"

// ReceiverAsked is a receiver of messages as it is set up.
type ReceiverAsked struct {
	Name     string   `json:"name" minLength:"1" maxLength:"60"`
	URL      string   `json:"url" minLength:"1" maxLength:"1000" format:"uri" doc:"Where messages go; never to an address inside unless the installation allows it."`
	Form     string   `json:"form" enum:"standard,wecom,dingtalk,feishu" doc:"standard is signed CloudEvents, the others are robots of group chats. It stays."`
	Secret   string   `json:"secret,omitempty" writeOnly:"true" maxLength:"200" doc:"That of a robot which has one. A receiver in the standard form is given its own."`
	Subjects []string `json:"subjects,omitempty" nullable:"false" maxItems:"10" enum:"engagement.changed,opportunity.changed,capability.changed,organisation.changed" doc:"The events it is sent, in the standard form."`
	Notices  bool     `json:"notices,omitempty" doc:"It is sent what its owner is told."`
}

// ReceiverWritten is what of a receiver can be changed.
type ReceiverWritten struct {
	Name     string   `json:"name" minLength:"1" maxLength:"60"`
	URL      string   `json:"url" minLength:"1" maxLength:"1000" format:"uri" doc:"As it was told, the key of a robot stays. Who sends a colleague's receiver elsewhere takes it over."`
	Subjects []string `json:"subjects,omitempty" nullable:"false" maxItems:"10" enum:"engagement.changed,opportunity.changed,capability.changed,organisation.changed"`
	Notices  bool     `json:"notices,omitempty"`
}

// Receiver is another system that is sent messages, or the robot of a group chat.
type Receiver struct {
	ID           scene.ID   `json:"id"`
	Revision     int        `json:"revision" doc:"Rises with every change; the ETag holds it."`
	Name         string     `json:"name"`
	URL          string     `json:"url" doc:"Without the key of a robot."`
	Form         string     `json:"form" enum:"standard,wecom,dingtalk,feishu"`
	Subjects     []string   `json:"subjects" nullable:"false"`
	Notices      bool       `json:"notices"`
	State        string     `json:"state" enum:"active,disabled"`
	Failing      *time.Time `json:"failing,omitempty" doc:"Since when it has taken nothing; after three days it is turned off."`
	Owner        scene.ID   `json:"owner" doc:"The account that set it up, and is told when it fails."`
	Organisation scene.ID   `json:"organisation,omitempty"`
	Created      time.Time  `json:"created"`
	Updated      time.Time  `json:"updated"`
}

// ReceiverMade is a receiver with the secret that signs, which is told this once.
type ReceiverMade struct {
	Receiver
	Secret string `json:"secret,omitempty" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" doc:"Of a receiver in the standard form; keep it now."`
}

// ReceiverList is the receivers that the owner of the token may manage.
type ReceiverList struct {
	Items []Receiver `json:"items" nullable:"false"`
}

// Message is one message to a receiver, with what came of it.
type Message struct {
	ID      scene.ID  `json:"id"`
	Message string    `json:"message" doc:"webhook-id, the same at every try."`
	Subject string    `json:"subject" example:"capability.changed"`
	State   string    `json:"state" enum:"waiting,done,failed"`
	Tries   int       `json:"tries"`
	Status  int       `json:"status,omitempty" doc:"HTTP status of the last try; absent: nobody answered."`
	At      time.Time `json:"at"`
	Due     time.Time `json:"due" doc:"Of the next try."`
}

// MessagePage is one page of what a receiver was sent.
type MessagePage struct {
	Items      []Message `json:"items" nullable:"false"`
	NextCursor string    `json:"next_cursor,omitempty"`
}

type receiverInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the receiver."`
}

type receiverEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the receiver."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    ReceiverWritten
}

type messagesInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the receiver."`
	Page
}

type replayInput struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the receiver."`
	Message string `path:"message" maxLength:"64" doc:"Id of the message."`
}

func exampleReceiver() Receiver {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return Receiver{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0H1", Revision: 1, Name: "企业服务门户", URL: "https://portal.example.com/jinghe", Form: "standard",
		Subjects: []string{scene.CapabilityChanged}, State: "active", Owner: "01J9ZD3V5W8QJ7R2K4M6N8P0C3", Organisation: "01J9ZD3V5W8QJ7R2K4M6N8P0B2",
		Created: at, Updated: at,
	}
}

// mountReceivers registers the receivers of an organisation, or of the centre.
func (a *API) mountReceivers() {
	const base, one = "/receivers", "/receivers/{id}"
	may, example := edge.May(scene.WebhookManage), exampleReceiver()
	asked := ReceiverAsked{Name: example.Name, URL: example.URL, Form: example.Form, Subjects: example.Subjects}
	made := ReceiverMade{example, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
	get(a, operation{
		"list-receivers", base, may, tagReceivers, "接收地址 · List receivers", "Those of the own organisation, or for the centre all.",
		ReceiverList{Items: []Receiver{example}},
	}, a.receivers)
	change(a, http.MethodPost, http.StatusCreated, asked, operation{
		"create-receiver", base, may, tagReceivers, "新建接收地址 · Set a receiver up",
		"The secret is in this answer and in no other, but for the same request under its idempotency key. See docs/doors.md for what is sent.", made,
	}, a.createReceiver)
	get(a, operation{"get-receiver", one, may, tagReceivers, "接收地址 · One receiver", "", example}, a.receiver)
	change(a, http.MethodPut, http.StatusOK, ReceiverWritten{Name: asked.Name, URL: asked.URL, Subjects: asked.Subjects}, operation{
		"replace-receiver", one, may, tagReceivers, "修改接收地址 · Change a receiver", "If-Match is needed. The form and the secret stay.", example,
	}, a.replaceReceiver)
	change(a, http.MethodDelete, http.StatusOK, nil, operation{
		"delete-receiver", one, may, tagReceivers, "删除接收地址 · Delete a receiver and its log", "Answers with what was deleted.", example,
	}, a.deleteReceiver)
	for _, on := range []bool{true, false} {
		example := example
		o := operation{"enable-receiver", one + "/enable", may, tagReceivers, "启用 · Turn a receiver on", "What waited is sent.", example}
		if !on {
			o.id, o.path, o.summary, o.text = "disable-receiver", one+"/disable", "停用 · Turn a receiver off", "Nothing is sent to it until it is on again."
			example.State = string(scene.HookDisabled)
			o.example = example
		}
		change(a, http.MethodPost, http.StatusOK, nil, o, func(ctx context.Context, in *receiverInput) (*stored[Receiver], error) {
			if err := a.Services.Notices.SwitchHook(ctx, actorOf(ctx), scene.ID(in.ID), on); err != nil {
				return nil, scene.Wrap("api.switchReceiver", err)
			}
			return a.oneReceiver(ctx, in.ID)
		})
	}
	change(a, http.MethodPost, http.StatusOK, nil, operation{
		"rotate-receiver", one + "/rotate", may, tagReceivers, "更换密钥 · Give a receiver another secret",
		"Told in this answer alone. For a day messages are signed by both.", made,
	}, a.rotateReceiver)
	sent := Message{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0M1", Message: "01J9ZD3V5W8QJ7R2K4M6N8P0M0", Subject: scene.CapabilityChanged, State: "failed", Tries: 10, Status: 503,
		At: example.Created, Due: example.Created,
	}
	get(a, operation{
		"list-messages", one + "/messages", may, tagReceivers, "推送记录 · What a receiver was sent, the latest first", "Of the last 30 days.",
		MessagePage{Items: []Message{sent}},
	}, a.messages)
	change(a, http.MethodPost, http.StatusOK, nil, operation{
		"replay-message", one + "/messages/{message}/replay", may, tagReceivers, "重新推送 · Send a message anew",
		"Under the id that it had. Answers with its receiver.", example,
	}, a.replayMessage)
}

func receiverOf(w *scene.Webhook) Receiver {
	return Receiver{
		ID: w.ID, Revision: w.Revision, Name: w.Name, URL: w.URL, Form: string(w.Form), Subjects: list(w.Subjects), Notices: w.Notices,
		State: string(w.State), Failing: instant(w.Failing), Owner: w.Account, Organisation: w.OrgID, Created: w.Created, Updated: w.Updated,
	}
}

func (a *API) receivers(ctx context.Context, _ *struct{}) (*body[ReceiverList], error) {
	all, err := a.Services.Notices.Hooks(ctx, actorOf(ctx))
	if err != nil {
		return nil, scene.Wrap("api.receivers", err)
	}
	out := &body[ReceiverList]{ReceiverList{Items: make([]Receiver, len(all))}}
	for i := range all {
		out.Body.Items[i] = receiverOf(&all[i])
	}
	return out, nil
}

func (a *API) createReceiver(ctx context.Context, in *struct{ Body ReceiverAsked }) (*stored[ReceiverMade], error) {
	w, secret, err := a.Services.Notices.AddHook(ctx, actorOf(ctx), scene.Webhook{
		Name: in.Body.Name, URL: strings.TrimSpace(in.Body.URL), Form: scene.HookForm(in.Body.Form), Secret: in.Body.Secret,
		Subjects: in.Body.Subjects, Notices: in.Body.Notices,
	})
	if err != nil {
		return nil, scene.Wrap("api.createReceiver", err)
	}
	return &stored[ReceiverMade]{
		Status: http.StatusCreated, ETag: etag(w.Revision, false), Location: a.PublicURL + Prefix + "/receivers/" + string(w.ID),
		Body: ReceiverMade{receiverOf(&w), secret},
	}, nil
}

func (a *API) oneReceiver(ctx context.Context, id string) (*stored[Receiver], error) {
	w, _, err := a.Services.Notices.Hook(ctx, actorOf(ctx), scene.ID(id), store.Page{Limit: 1})
	if err != nil {
		return nil, scene.Wrap("api.receiver", err)
	}
	return &stored[Receiver]{Status: http.StatusOK, ETag: etag(w.Revision, false), Body: receiverOf(&w)}, nil
}

func (a *API) receiver(ctx context.Context, in *itemInput) (*stored[Receiver], error) {
	out, err := a.oneReceiver(ctx, in.ID)
	if err == nil && in.holds(out.ETag) {
		return nil, notModified(out.ETag)
	}
	return out, err
}

func (a *API) replaceReceiver(ctx context.Context, in *receiverEdit) (*stored[Receiver], error) {
	w, _, err := a.Services.Notices.Hook(ctx, actorOf(ctx), scene.ID(in.ID), store.Page{Limit: 1})
	if err == nil {
		err = current(ctx, in.IfMatch, w.Revision)
	}
	if err != nil {
		return nil, scene.Wrap("api.replaceReceiver", err)
	}
	w.Name, w.URL, w.Subjects, w.Notices = in.Body.Name, strings.TrimSpace(in.Body.URL), in.Body.Subjects, in.Body.Notices
	if w, err = a.Services.Notices.ChangeHook(ctx, actorOf(ctx), w); err != nil {
		return nil, scene.Wrap("api.replaceReceiver", stale(err))
	}
	return &stored[Receiver]{Status: http.StatusOK, ETag: etag(w.Revision, false), Body: receiverOf(&w)}, nil
}

func (a *API) deleteReceiver(ctx context.Context, in *receiverInput) (*body[Receiver], error) {
	was, err := a.oneReceiver(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.Services.Notices.DeleteHook(ctx, actorOf(ctx), scene.ID(in.ID)); err != nil {
		return nil, scene.Wrap("api.deleteReceiver", err)
	}
	return &body[Receiver]{was.Body}, nil
}

func (a *API) rotateReceiver(ctx context.Context, in *receiverInput) (*stored[ReceiverMade], error) {
	secret, err := a.Services.Notices.RotateHook(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.rotateReceiver", err)
	}
	w, err := a.oneReceiver(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &stored[ReceiverMade]{Status: http.StatusOK, ETag: w.ETag, Body: ReceiverMade{w.Body, secret}}, nil
}

func (a *API) messages(ctx context.Context, in *messagesInput) (*body[MessagePage], error) {
	_, log, err := a.Services.Notices.Hook(ctx, actorOf(ctx), scene.ID(in.ID), in.store())
	if err != nil {
		return nil, scene.Wrap("api.messages", err)
	}
	out := &body[MessagePage]{MessagePage{Items: make([]Message, len(log.Items)), NextCursor: log.Next}}
	for i := range log.Items {
		d := &log.Items[i]
		out.Body.Items[i] = Message{d.ID, d.Message, d.Subject, string(d.State), d.Tries, d.Status, d.At, d.Due}
	}
	return out, nil
}

func (a *API) replayMessage(ctx context.Context, in *replayInput) (*body[Receiver], error) {
	if err := a.Services.Notices.Replay(ctx, actorOf(ctx), scene.ID(in.ID), scene.ID(in.Message)); err != nil {
		return nil, scene.Wrap("api.replayMessage", err)
	}
	w, err := a.oneReceiver(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[Receiver]{w.Body}, nil
}
