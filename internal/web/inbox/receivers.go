package inbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// receivers is where the receivers of other systems are set up.
const receivers = base + "/receivers"

// Receivers answers GET /inbox/receivers.
func (i *Inbox) Receivers(c echo.Context) error { return i.receivers(c, http.StatusOK, nil) }

func (i *Inbox) receivers(c echo.Context, status int, fault error) error {
	list, err := i.notices.Hooks(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := i.page(c, "web.receivers.title")
	v := ui.Receivers{Back: ui.Link{Text: p.T("web.inbox.title"), URL: base}}
	for n := range list {
		w := &list[n]
		v.Rows = append(v.Rows, ui.ReceiverRow{
			Name: w.Name, URL: receivers + "/" + string(w.ID), Kind: p.T("web.receivers.form." + string(w.Form)), Address: w.URL,
			State: receiverState(p, w),
		})
	}
	v.Add = i.addForm(p, c)
	frame.Fill(p.Lang, &v.Add, fault)
	if done := c.QueryParam("done"); p.Has("web.receivers.done." + done) {
		v.Notice = p.T("web.receivers.done." + done)
	}
	return i.frame.Render(c, status, ui.ReceiversPage(p, v))
}

func receiverState(p *ui.Page, w *scene.Webhook) ui.State {
	return ui.State{Code: string(w.State), Label: p.T("web.receivers.state." + string(w.State))}
}

// subjectLabel is a kind of message in words, where it has some.
func subjectLabel(p *ui.Page, subject string) string {
	if key := "web.receivers.subject." + subject; p.Has(key) {
		return p.T(key)
	}
	return subject
}

func (i *Inbox) addForm(p *ui.Page, c echo.Context) ui.Form {
	form := ui.Field{Name: "form", Label: p.T("web.receivers.form"), Type: "choice"}
	for _, f := range scene.HookForms() {
		form.Options = append(form.Options, ui.Option{Value: string(f), Label: p.T("web.receivers.form." + string(f)), Chosen: c.FormValue("form") == string(f)})
	}
	said, _ := c.FormParams() // read already, where there is one
	subjects := ui.Field{Name: "subjects", Label: p.T("web.receivers.subjects"), Type: "checks", Hint: p.T("web.receivers.subjects.hint")}
	for _, s := range scene.HookSubjects() {
		subjects.Options = append(subjects.Options, ui.Option{Value: s, Label: p.T("web.receivers.subject." + s), Chosen: slices.Contains(said["subjects"], s)})
	}
	return ui.Form{
		Action: receivers, Buttons: []ui.Button{{Label: p.T("web.receivers.add")}},
		Groups: []ui.Group{{Title: p.T("web.receivers.add"), Fields: []ui.Field{
			{Name: "name", Label: p.T("web.receivers.name"), Value: c.FormValue("name"), Required: true, Max: 60},
			form,
			{Name: "url", Label: p.T("web.receivers.url"), Type: "url", Value: c.FormValue("url"), Required: true, Max: 1000},
			{Name: "secret", Label: p.T("web.receivers.secret"), Hint: p.T("web.receivers.secret.hint"), Max: 200},
			subjects,
			{Name: "notices", Label: p.T("web.receivers.notices"), Type: "check", Value: c.FormValue("notices")},
		}}},
	}
}

// AddReceiver answers POST /inbox/receivers: the secret is on its page, this once.
func (i *Inbox) AddReceiver(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "inbox.AddReceiver", Err: err}
	}
	w, secret, err := i.notices.AddHook(c.Request().Context(), actor(c), scene.Webhook{
		Name: form.Get("name"), URL: strings.TrimSpace(form.Get("url")), Form: scene.HookForm(form.Get("form")), Secret: form.Get("secret"),
		Subjects: form["subjects"], Notices: form.Get("notices") != "",
	})
	if frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge {
		return i.receivers(c, edge.Status(scene.CodeOf(err)), err)
	}
	if err != nil {
		return err
	}
	return i.receiver(c, w.ID, secret)
}

// Receiver answers GET /inbox/receivers/:id.
func (i *Inbox) Receiver(c echo.Context) error { return i.receiver(c, scene.ID(c.Param("id")), "") }

func (i *Inbox) receiver(c echo.Context, id scene.ID, secret string) error {
	w, log, err := i.notices.Hook(c.Request().Context(), actor(c), id, store.Page{Limit: perPage})
	if err != nil {
		return err
	}
	p := i.page(c, "web.receivers.title")
	here := receivers + "/" + string(w.ID)
	v := ui.Receiver{
		Kind: p.T("web.receivers.form." + string(w.Form)), Name: w.Name, State: receiverState(p, &w),
		Facts: []ui.Fact{{Label: p.T("web.receivers.url"), Value: w.URL}}, Back: ui.Link{Text: p.T("web.receivers.title"), URL: receivers},
	}
	if secret != "" {
		v.Secret = p.T("web.receivers.secret.made", "secret", secret)
	}
	var sent []string
	for _, s := range w.Subjects {
		sent = append(sent, subjectLabel(p, s))
	}
	if len(sent) > 0 {
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("web.receivers.subjects"), Value: strings.Join(sent, p.T("web.comma"))})
	}
	button := func(action, label string, danger bool, fields ...ui.Field) {
		v.Forms = append(v.Forms, ui.Form{Action: here + "/" + action, Buttons: []ui.Button{{Label: p.T(label), Danger: danger}}, Groups: []ui.Group{{Fields: fields}}})
	}
	if w.State == scene.HookActive {
		button("disable", "web.receivers.disable", false)
	} else {
		button("enable", "web.receivers.enable", false)
	}
	if w.Form == scene.HookStandard {
		button("rotate", "web.receivers.rotate", false)
	}
	replay := ui.Field{Name: "delivery", Label: p.T("web.receivers.message"), Type: "choice"}
	for n := range log.Items {
		d := &log.Items[n]
		text := ui.Moment(p.Lang, d.At) + " " + subjectLabel(p, d.Subject)
		replay.Options = append(replay.Options, ui.Option{Value: string(d.ID), Label: text})
		answer := d.Answer
		if d.Status == 0 && p.Has(answer) {
			answer = p.T(answer)
		}
		v.Sent = append(v.Sent, ui.StepRow{
			When: text, Who: p.T("web.receivers.tries", "tries", d.Tries, "status", d.Status), Reason: answer,
			To: ui.State{Code: string(d.State), Label: p.T("web.receivers.delivery." + string(d.State))},
		})
	}
	if len(replay.Options) > 0 {
		button("replay", "web.receivers.replay", false, replay)
	}
	button("delete", "web.receivers.delete", true)
	return i.frame.Render(c, http.StatusOK, ui.ReceiverPage(p, v))
}

// ChangeReceiver answers POST /inbox/receivers/:id/ACTION.
func (i *Inbox) ChangeReceiver(action string) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
		var secret string
		var err error
		switch action {
		case "enable", "disable":
			err = i.notices.SwitchHook(ctx, by, id, action == "enable")
		case "rotate":
			secret, err = i.notices.RotateHook(ctx, by, id)
		case "replay":
			err = i.notices.Replay(ctx, by, id, scene.ID(c.FormValue("delivery")))
		case "delete":
			if err = i.notices.DeleteHook(ctx, by, id); err == nil {
				return c.Redirect(http.StatusSeeOther, receivers+"?done=deleted")
			}
		}
		if err != nil {
			return err
		}
		if secret != "" {
			return i.receiver(c, id, secret)
		}
		return c.Redirect(http.StatusSeeOther, receivers+"/"+string(id))
	}
}
