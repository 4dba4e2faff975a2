//! Whether everybody whom the incident file promises payouts by can be reached.

use super::finding::Finding;
use crate::{
    incident::{Incident, ProviderName},
    remedies::payouts::Providers,
    settings::Settings,
};

/// Nothing without an incident file that can be read: that is another finding.
pub fn all(settings: &Settings, incident: Option<&Incident>) -> Vec<Finding> {
    let mut findings: Vec<_> =
        incident.into_iter().flat_map(|incident| missing(settings, incident)).collect();
    findings.extend(unheard(settings));
    findings
}

fn missing(settings: &Settings, incident: &Incident) -> Vec<Finding> {
    let missing = Providers::of(settings).missing(incident);
    missing.into_iter().map(|name| Finding::broken("providers", promised(name), mend(name))).collect()
}

fn promised(name: ProviderName) -> String {
    format!("the incident file names {} and there is no account with it: its payouts wait", name.slug())
}

fn mend(name: ProviderName) -> &'static str {
    match name {
        ProviderName::Tremendous => "set MAKEGOOD_TREMENDOUS_URL, _KEY, _FUNDING_SOURCE and _CAMPAIGN",
        ProviderName::Stripe => "set MAKEGOOD_STRIPE_KEY",
        _ => "name another provider in the incident file",
    }
}

fn unheard(settings: &Settings) -> Option<Finding> {
    let account = settings.tremendous.as_ref()?;
    if account.webhook_key.is_some() {
        return Some(Finding::good("providers", "Tremendous tells of deliveries by signed webhooks"));
    }
    Some(Finding::warning(
        "providers",
        "there is no key for Tremendous's webhooks: deliveries are asked after once an hour, and a card that is \
         cancelled after it was paid is not noticed",
        "set MAKEGOOD_TREMENDOUS_WEBHOOK_KEY; docs/operating.md says where it comes from",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Flavor;

    fn found(variables: &[(&str, &str)]) -> Vec<String> {
        let demo =
            include_str!("../../../../demo/incident.toml").replacen("\"code-pool\"", "\"tremendous\"", 1);
        let incident = Incident::from_toml(&demo, "incident.toml").unwrap();
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let settings = Settings::load(None, variables, Flavor::Real).unwrap();
        all(&settings, Some(&incident)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_provider_without_an_account_is_broken_and_one_that_is_not_heard_a_warning() {
        let without = found(&[]);
        assert_eq!(without.len(), 1);
        assert!(
            without[0].starts_with("BROKEN   providers   the incident file names tremendous"),
            "{without:?}"
        );
        let account = [
            ("MAKEGOOD_TREMENDOUS_URL", "https://testflight.tremendous.com"),
            ("MAKEGOOD_TREMENDOUS_KEY", "TEST_key"),
            ("MAKEGOOD_TREMENDOUS_FUNDING_SOURCE", "balance"),
            ("MAKEGOOD_TREMENDOUS_CAMPAIGN", "CAMPAIGN1"),
            ("MAKEGOOD_TREMENDOUS_WEBHOOK_KEY", "webhook-key"),
        ];
        let unheard = found(&account[..4]);
        assert!(unheard[0].starts_with("warning  providers   there is no key"), "{unheard:?}");
        let good = found(&account);
        assert!(good[0].starts_with("good     providers") && good.len() == 1, "{good:?}");
    }
}
