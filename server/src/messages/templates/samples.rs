//! Every message with samples in its places, as long as they get: what `makegood doctor` measures and the tests read.

use app::Category;

use super::*;
use crate::ambient::Millis;

const CODE: &str = "123456";
const NUMBER: &str = "MG-7K2P-QX04-M9TB";
const PROVIDER: &str = "Example Rewards";
/// 30 September 2009, at noon: no day is longer to write.
const DAY: Millis = 1_254_312_000_000;
pub const RULE: &str = "The free month is for people whose plan on 2 October 2009 was data-20; our records say that yours was voice-10.";

/// Every message, about something that is worth `worth`.
pub fn every(voice: &Voice<'_>, worth: &str) -> Vec<Template> {
    vec![
        sign_in_code(voice, CODE),
        caller_code(voice, CODE),
        fresh_code(voice, CODE),
        many_wrong_codes(voice),
        codes_stopped(voice),
        app_password_made(voice),
        download_link_made(voice),
        claim_received(voice, NUMBER, worth),
        claim_granted(voice, NUMBER, worth),
        claim_approved(voice, NUMBER, worth),
        claim_waits(voice, NUMBER, worth),
        claim_has_room(voice, NUMBER, worth),
        claim_late(voice, NUMBER),
        claim_declined(voice, NUMBER, RULE),
        claim_ended(voice, NUMBER),
        claim_changed(voice, NUMBER, "bill"),
        claim_changed(voice, NUMBER, "email"),
        claim_changed(voice, NUMBER, "post"),
        claim_changed(voice, NUMBER, "site"),
        claim_changed(voice, NUMBER, "sms"),
        claim_withdrawn(voice, NUMBER, true),
        claim_withdrawn(voice, NUMBER, false),
        granted_automatically(voice, NUMBER, worth),
        payout_late(voice, NUMBER, Some(DAY)),
        payout_late(voice, NUMBER, None),
        gift_code_ready(voice, NUMBER, worth),
        gift_card_sent(voice, NUMBER, worth, PROVIDER),
        gift_card_posted(voice, NUMBER, worth),
        credit_on_bill(voice, NUMBER, worth),
        payout_returned(voice, NUMBER, worth),
        payout_failed(voice, NUMBER, worth),
        payout_closed(voice, NUMBER, worth),
        report_received(voice, NUMBER),
        report_asked(voice, NUMBER),
        report_answered(voice, NUMBER),
        appeal_received(voice, NUMBER),
        appeal_asked(voice, NUMBER),
        appeal_answered(voice, NUMBER),
        data_opened(voice, &[Category::HighScores]),
        data_opened(voice, &Category::ALL),
        remedy_open(voice, worth),
    ]
}
