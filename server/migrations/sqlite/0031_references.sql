-- What came back before its reference was known has it in its note alone.
UPDATE payout_orders SET reference = replace(
    replace(note, 'the reward could not be delivered: cancel order ', ''), ' at Tremendous before another', ''
)
WHERE provider = 'tremendous' AND reference IS NULL
    AND note LIKE 'the reward could not be delivered: cancel order % at Tremendous before another'
    AND NOT EXISTS (
        SELECT 1 FROM payout_orders o WHERE o.provider = 'tremendous' AND o.reference = replace(
            replace(payout_orders.note, 'the reward could not be delivered: cancel order ', ''),
            ' at Tremendous before another',
            ''
        )
    );
