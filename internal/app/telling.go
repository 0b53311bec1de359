package app

import (
	"context"
	"crypto/rand"
	"net/netip"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/notify"
	"jinghe/internal/notify/outbound"
)

// tellingPause is how long something that is due may wait for the next round.
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
	for ctx.Err() == nil {
		if a.store.Leads() {
			a.tell(ctx, &tidied)
		}
		select {
		case <-ctx.Done():
		case <-time.After(tellingPause):
		}
	}
}

// tell does one round; once a day it clears away what nobody needs any more.
func (a *App) tell(ctx context.Context, tidied *time.Time) {
	if err := a.engage.Remind(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "not everybody was reminded; trying again", "error", err)
	}
	if err := a.fairs.FollowUp(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "not every meeting was followed up; trying again", "error", err)
	}
	if err := a.fairs.SendLetters(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "not every invitation went out; trying again", "error", err)
	}
	if _, err := a.notices.Deliver(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "not everything that is due went out; trying again", "error", err)
	}
	if _, err := a.notices.Send(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "not every receiver was sent to; trying again", "error", err)
	}
	if now := a.o.Now(); now.Sub(*tidied) >= 24*time.Hour {
		if err := a.notices.Tidy(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "old notices not cleared away", "error", err)
			return
		}
		*tidied = now
	}
}
