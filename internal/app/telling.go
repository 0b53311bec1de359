package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/netip"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/notify"
	"jinghe/internal/notify/outbound"
)

// tellingPause is how long something that is due may wait for the next round,
// unless Options say otherwise.
const tellingPause = 5 * time.Second

// openNotices builds the service of telling people on the open rows.
func (a *App) openNotices(mailer account.Mailer) error {
	networks, err := networks("JINGHE_WEBHOOK_NETWORKS", a.cfg.WebhookNetworks)
	if err != nil {
		return err
	}
	c := notify.Config{Store: a.store, IDs: a.ids, Now: a.o.Now, Random: rand.Reader, Log: a.log, Link: a.link, Poster: outbound.New(networks)}
	if mailer != nil {
		c.Mailer = mailer
	}
	a.notices = notify.New(c)
	return nil
}

// networks reads networks in the notation of CIDR.
func networks(setting string, texts []string) (list []netip.Prefix, err error) {
	for _, s := range texts {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, settingError("config.trusted_proxies", setting, s)
		}
		list = append(list, p)
	}
	return list, nil
}

// keepTelling sends what is due, while this process leads.
func (r *running) keepTelling(ctx context.Context, a *App) {
	var tidied time.Time
	pause := cmp.Or(a.o.TellingPause, tellingPause)
	for ctx.Err() == nil {
		if a.store.Leads() {
			a.tell(ctx, &tidied)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// tell does one round; once a day it clears away what nobody needs any more.
func (a *App) tell(ctx context.Context, tidied *time.Time) {
	for _, step := range []struct {
		unfinished string
		do         func(context.Context) error
	}{
		{"not everybody was reminded", a.engage.Remind},
		{"not every expert was reminded", a.reg.RemindOpinions},
		{"not every owner was told that an entry ends", a.reg.RemindEnding},
		{"not every meeting was followed up", a.fairs.FollowUp},
		{"not every invitation went out", a.fairs.SendLetters},
		{"other systems were not told of what was released", a.notices.Release},
		{"not everything that is due went out", func(ctx context.Context) error { _, err := a.notices.Deliver(ctx); return err }},
		{"not every receiver was sent to", func(ctx context.Context) error { _, err := a.notices.Send(ctx); return err }},
	} {
		if err := step.do(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, step.unfinished+"; trying again", "error", err)
		}
	}
	if now := a.o.Now(); now.Sub(*tidied) >= 24*time.Hour {
		if err := a.notices.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "old notices not cleared away", "error", err)
			return
		}
		*tidied = now
	}
}
