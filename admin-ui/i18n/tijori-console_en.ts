<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_IN">
<context>
    <name>tijori::AuditScreen</name>
    <message numerus="yes">
        <source>%n row(s) saved to %1.</source>
        <translation>
            <numerusform>%n row saved to %1.</numerusform>
            <numerusform>%n rows saved to %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ChatStream</name>
    <message numerus="yes">
        <source>%1 Try again in %n s.</source>
        <translation>
            <numerusform>%1 Try again in %n s.</numerusform>
            <numerusform>%1 Try again in %n s.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ClientsScreen</name>
    <message numerus="yes">
        <source>%n client(s) in the register</source>
        <translation>
            <numerusform>%n client in the register</numerusform>
            <numerusform>%n clients in the register</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ExpertWords</name>
    <message numerus="yes">
        <source>Imbalance %1, where 1 is even. %n expert(s) of a layer were never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</source>
        <translation>
            <numerusform>Imbalance %1, where 1 is even. %n expert of a layer was never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</numerusform>
            <numerusform>Imbalance %1, where 1 is even. %n experts of a layer were never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::FitWords</name>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 tokens × %n sequence</numerusform>
            <numerusform>%1 tokens × %n sequences</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::GuardrailsScreen</name>
    <message numerus="yes">
        <source>%n rule(s) changed from the active policy</source>
        <translation>
            <numerusform>%n rule changed from the active policy</numerusform>
            <numerusform>%n rules changed from the active policy</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s)</source>
        <translation>
            <numerusform>%n span</numerusform>
            <numerusform>%n spans</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s), %1 more</source>
        <translation>
            <numerusform>%n span, %1 more</numerusform>
            <numerusform>%n spans, %1 more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s), %1 fewer</source>
        <translation>
            <numerusform>%n span, %1 fewer</numerusform>
            <numerusform>%n spans, %1 fewer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LoadWords</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LockView</name>
    <message numerus="yes">
        <source>Wrong %n time(s): wait %1 s before the next try.</source>
        <translation>
                <numerusform>Wrong %n time: wait %1 s before the next try.</numerusform>
                <numerusform>Wrong %n times: wait %1 s before the next try.</numerusform>
            </translation>
    </message>
</context>
<context>
    <name>tijori::ModelDrawerWords</name>
    <message numerus="yes">
        <source>%1, %n thread(s)</source>
        <translation>
            <numerusform>%1, %n thread</numerusform>
            <numerusform>%1, %n threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) are running. They may finish within the time below, then they are cut.</source>
        <translation>
            <numerusform>%n request is running. It may finish within the time below, then it is cut.</numerusform>
            <numerusform>%n requests are running. They may finish within the time below, then they are cut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait and are refused.</source>
        <translation>
            <numerusform>%n request waits and is refused.</numerusform>
            <numerusform>%n requests wait and are refused.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::Numbers</name>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::OverviewScreen</name>
    <message numerus="yes">
        <source>%n sequence(s) reserved</source>
        <translation>
            <numerusform>%n sequence reserved</numerusform>
            <numerusform>%n sequences reserved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n record(s)</source>
        <translation>
            <numerusform>%n record</numerusform>
            <numerusform>%n records</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDraft</name>
    <message numerus="yes">
        <source>%n literal(s)</source>
        <translation>
            <numerusform>%n literal</numerusform>
            <numerusform>%n literals</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pattern(s)</source>
        <translation>
            <numerusform>%n pattern</numerusform>
            <numerusform>%n patterns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::SettingsScreen</name>
    <message numerus="yes">
        <source>%n setting(s) of %1</source>
        <translation>
            <numerusform>%n setting of %1</numerusform>
            <numerusform>%n settings of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed</source>
        <translation>
            <numerusform>%n setting changed</numerusform>
            <numerusform>%n settings changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %n more need a restart.</source>
        <translation>
            <numerusform>; %n more needs a restart.</numerusform>
            <numerusform>; %n more need a restart.</numerusform>
        </translation>
    </message>
</context>
</TS>
