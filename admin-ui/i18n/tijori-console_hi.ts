<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="hi_IN">
<context>
    <name>tijori::AboutSection</name>
    <message>
        <source>About and licences</source>
        <translation>परिचय और लाइसेंस</translation>
    </message>
    <message>
        <source>Tijori: Llama 4 inside your own walls</source>
        <translation>Tijori: आपकी अपनी दीवारों के भीतर Llama 4</translation>
    </message>
    <message>
        <source>This console</source>
        <translation>यह कंसोल</translation>
    </message>
    <message>
        <source>Made with Qt %1.</source>
        <translation>Qt %1 से बना है।</translation>
    </message>
    <message>
        <source>The appliance</source>
        <translation>उपकरण</translation>
    </message>
    <message>
        <source>The daemon that answers.</source>
        <translation>उत्तर देने वाला डेमन।</translation>
    </message>
    <message>
        <source>Data protection</source>
        <translation>डेटा सुरक्षा</translation>
    </message>
    <message>
        <source>Supports duties under India’s Digital Personal Data Protection Act: a tamper-evident record of each request, purposes, guardrails for personal data. Whether they are met is for the organisation that runs it to say.</source>
        <translation>भारत के डिजिटल व्यक्तिगत डेटा संरक्षण अधिनियम के कर्तव्य निभाने में मदद करता है: हर अनुरोध का रिकॉर्ड जिसमें छेड़छाड़ छिप नहीं सकती, प्रयोजन, और व्यक्तिगत डेटा के लिए गार्डरेल। कर्तव्य पूरे हुए या नहीं, यह इसे चलाने वाला संस्थान ही बता सकता है।</translation>
    </message>
    <message>
        <source>supports DPDP duties</source>
        <translation>DPDP कर्तव्यों में मदद</translation>
    </message>
    <message>
        <source>Tijori</source>
        <translation>Tijori</translation>
    </message>
    <message>
        <source>The text lies in /usr/share/doc/tijori-console.</source>
        <translation>पाठ /usr/share/doc/tijori-console में है।</translation>
    </message>
    <message>
        <source>Linked dynamically: it can be replaced by another build of the same version.</source>
        <translation>डायनैमिक रूप से जुड़ा है: इसकी जगह उसी संस्करण का दूसरा बिल्ड लगाया जा सकता है।</translation>
    </message>
    <message>
        <source>The icons of the interface.</source>
        <translation>इंटरफ़ेस के चिह्न।</translation>
    </message>
    <message>
        <source>The fonts, where they are installed.</source>
        <translation>फ़ॉन्ट, जहाँ वे इंस्टॉल हैं।</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>ज्ञात नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::Activation</name>
    <message>
        <source>not whole JSON</source>
        <translation>पूरा JSON नहीं है</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>पढ़ा जा रहा है</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n त्रुटि</numerusform>
            <numerusform>%n त्रुटियाँ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n चेतावनी</numerusform>
            <numerusform>%n चेतावनियाँ</numerusform>
        </translation>
    </message>
    <message>
        <source>not run on this text</source>
        <translation>इस ड्राफ़्ट पर नहीं चली</translation>
    </message>
    <message numerus="yes">
        <source>%n span(s) found</source>
        <translation>
            <numerusform>%n अंश मिला</numerusform>
            <numerusform>%n अंश मिले</numerusform>
        </translation>
    </message>
    <message>
        <source>running</source>
        <translation>चल रहा है</translation>
    </message>
    <message>
        <source>has no cases</source>
        <translation>कोई केस नहीं है</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 में से %1</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>नहीं चला</translation>
    </message>
    <message>
        <source>once it is saved</source>
        <translation>सहेजने के बाद</translation>
    </message>
    <message>
        <source>not asked for here</source>
        <translation>यहाँ ज़रूरी नहीं</translation>
    </message>
    <message>
        <source>not asked yet</source>
        <translation>अभी नहीं पूछा गया</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>प्रतीक्षा में</translation>
    </message>
    <message>
        <source>This policy judges every request. Edit it to begin a draft.</source>
        <translation>यही नीति हर अनुरोध परखती है। ड्राफ़्ट शुरू करने के लिए इसमें बदलाव करें।</translation>
    </message>
    <message>
        <source>Drafts are made and approved with the role guardrail-editor.</source>
        <translation>ड्राफ़्ट बनाने और मंज़ूर करने के लिए guardrail-editor भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>Next: mend the document.</source>
        <translation>आगे: दस्तावेज़ ठीक करें।</translation>
    </message>
    <message>
        <source>Next: mend what lint finds.</source>
        <translation>आगे: लिंट में मिली त्रुटियाँ ठीक करें।</translation>
    </message>
    <message>
        <source>Next: run the bench, then save the draft.</source>
        <translation>आगे: बेंच चलाएँ, फिर ड्राफ़्ट सहेजें।</translation>
    </message>
    <message>
        <source>Next: save the draft.</source>
        <translation>आगे: ड्राफ़्ट सहेजें।</translation>
    </message>
    <message>
        <source>Next: ask for approval.</source>
        <translation>आगे: मंज़ूरी माँगें।</translation>
    </message>
    <message>
        <source>Next: mend the rules or the cases that fail, and save again.</source>
        <translation>आगे: नियम या विफल केस ठीक करें और फिर से सहेजें।</translation>
    </message>
    <message>
        <source>Next: another guardrail editor opens this draft and approves it.</source>
        <translation>आगे: कोई दूसरा guardrail-editor यह ड्राफ़्ट खोलकर मंज़ूर करे।</translation>
    </message>
    <message>
        <source>Next: look at the difference and approve, or leave it.</source>
        <translation>आगे: अंतर देखें और मंज़ूर करें, या छोड़ दें।</translation>
    </message>
    <message>
        <source>Next: activate.</source>
        <translation>आगे: सक्रिय करें।</translation>
    </message>
    <message>
        <source>active</source>
        <translation>सक्रिय</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>मंज़ूर</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>ड्राफ़्ट</translation>
    </message>
    <message>
        <source>previous</source>
        <translation>पिछली</translation>
    </message>
    <message>
        <source>retired</source>
        <translation>पुरानी</translation>
    </message>
    <message>
        <source>This needs the role guardrail-editor.</source>
        <translation>इसके लिए guardrail-editor भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>The appliance has been asked; its answer is awaited.</source>
        <translation>अप्लायंस से पूछा गया है; उत्तर की प्रतीक्षा है।</translation>
    </message>
    <message>
        <source>The document is not whole JSON yet.</source>
        <translation>दस्तावेज़ अभी पूरा JSON नहीं है।</translation>
    </message>
    <message>
        <source>Lint finds errors in it.</source>
        <translation>लिंट को इसमें त्रुटियाँ मिली हैं।</translation>
    </message>
    <message>
        <source>Its author can&apos;t approve it: another guardrail editor does.</source>
        <translation>लेखक इसे मंज़ूर नहीं कर सकता: कोई दूसरा guardrail-editor करेगा।</translation>
    </message>
    <message>
        <source>A second person has to approve it first.</source>
        <translation>पहले किसी दूसरे व्यक्ति की मंज़ूरी चाहिए।</translation>
    </message>
    <message>
        <source>Its regression pack fails.</source>
        <translation>इसका रिग्रेशन पैक विफल है।</translation>
    </message>
    <message>
        <source>The pack runs on what is saved: save the draft first.</source>
        <translation>पैक सहेजे हुए ड्राफ़्ट पर चलता है: पहले ड्राफ़्ट सहेजें।</translation>
    </message>
</context>
<context>
    <name>tijori::ActivationPanel</name>
    <message>
        <source>running</source>
        <translation>चल रहा है</translation>
    </message>
    <message>
        <source>done</source>
        <translation>हो गया</translation>
    </message>
    <message>
        <source>look at it</source>
        <translation>देख लें</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>गड़बड़</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>ज़रूरी नहीं</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>बाकी</translation>
    </message>
    <message>
        <source>To activate</source>
        <translation>सक्रिय करने के लिए</translation>
    </message>
    <message>
        <source>Cases that fail</source>
        <translation>विफल केस</translation>
    </message>
    <message>
        <source>Ask for approval</source>
        <translation>मंज़ूरी माँगें</translation>
    </message>
    <message>
        <source>Approve…</source>
        <translation>मंज़ूर करें…</translation>
    </message>
    <message>
        <source>Activate</source>
        <translation>सक्रिय करें</translation>
    </message>
    <message>
        <source>Roll back…</source>
        <translation>पिछले संस्करण पर लौटें…</translation>
    </message>
    <message>
        <source>Lint</source>
        <translation>लिंट</translation>
    </message>
    <message>
        <source>Bench</source>
        <translation>बेंच</translation>
    </message>
    <message>
        <source>Regression pack</source>
        <translation>रिग्रेशन पैक</translation>
    </message>
    <message>
        <source>Second person</source>
        <translation>दूसरा व्यक्ति</translation>
    </message>
    <message>
        <source>Save draft</source>
        <translation>ड्राफ़्ट सहेजें</translation>
    </message>
    <message>
        <source>Saves the draft; another guardrail editor finds it here and approves it.</source>
        <translation>ड्राफ़्ट सहेजता है; कोई दूसरा guardrail-editor उसे यहीं पाकर मंज़ूर करता है।</translation>
    </message>
    <message>
        <source>Saves the draft; nothing is in force by that.</source>
        <translation>ड्राफ़्ट सहेजता है; इससे कुछ लागू नहीं होता।</translation>
    </message>
    <message>
        <source>Roll back to %1…</source>
        <translation>%1 पर लौटें…</translation>
    </message>
</context>
<context>
    <name>tijori::AppearanceSection</name>
    <message>
        <source>Appearance</source>
        <translation>रूप</translation>
    </message>
    <message>
        <source>for this user on this computer</source>
        <translation>इस कंप्यूटर पर इस उपयोगकर्ता के लिए</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>डेस्कटॉप जैसा</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>हल्का</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>गहरा</translation>
    </message>
    <message>
        <source>High contrast, black</source>
        <translation>उच्च कंट्रास्ट, काला</translation>
    </message>
    <message>
        <source>High contrast, white</source>
        <translation>उच्च कंट्रास्ट, सफ़ेद</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>रंग</translation>
    </message>
    <message>
        <source>Light, dark or high contrast; shown at once.</source>
        <translation>हल्का, गहरा या उच्च कंट्रास्ट; तुरंत दिखता है।</translation>
    </message>
</context>
<context>
    <name>tijori::ApplianceSection</name>
    <message>
        <source>not set</source>
        <translation>तय नहीं</translation>
    </message>
    <message>
        <source>Appliance settings</source>
        <translation>उपकरण की सेटिंग्स</translation>
    </message>
    <message>
        <source>changed in tijorid.toml on the appliance, then reloaded</source>
        <translation>उपकरण पर tijorid.toml में बदलें, फिर दोबारा पढ़वाएँ</translation>
    </message>
    <message>
        <source>Settings of the appliance</source>
        <translation>उपकरण की सेटिंग्स</translation>
    </message>
    <message>
        <source>Reload configuration</source>
        <translation>कॉन्फ़िगरेशन फिर पढ़ें</translation>
    </message>
    <message>
        <source>The appliance reads its files again and checks them first: a wrong one changes nothing</source>
        <translation>उपकरण अपनी फ़ाइलें फिर पढ़ता है और पहले जाँचता है: ग़लत फ़ाइल से कुछ नहीं बदलता</translation>
    </message>
    <message>
        <source>Reloading needs the role operator.</source>
        <translation>फिर पढ़ने के लिए भूमिका operator चाहिए।</translation>
    </message>
    <message>
        <source>Asking %1</source>
        <translation>%1 से पूछा जा रहा है</translation>
    </message>
    <message>
        <source>%1 didn&apos;t tell its settings</source>
        <translation>%1 ने अपनी सेटिंग्स नहीं बताईं</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
    <message>
        <source>The appliance told no settings</source>
        <translation>उपकरण ने कोई सेटिंग नहीं बताई</translation>
    </message>
    <message>
        <source>It may be older than this console.</source>
        <translation>हो सकता है कि वह इस कंसोल से पुराना हो।</translation>
    </message>
    <message>
        <source>Reloading</source>
        <translation>फिर पढ़ा जा रहा है</translation>
    </message>
    <message>
        <source>Nothing was reloaded</source>
        <translation>कुछ भी फिर नहीं पढ़ा गया</translation>
    </message>
    <message>
        <source>Nothing in the configuration has changed</source>
        <translation>कॉन्फ़िगरेशन में कुछ नहीं बदला है</translation>
    </message>
    <message>
        <source>Asked at %1 IST.</source>
        <translation>%1 IST पर पूछा गया।</translation>
    </message>
    <message>
        <source>%1: after a restart of the daemon</source>
        <translation>%1: डेमन के रीस्टार्ट के बाद</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed</source>
        <translation>
            <numerusform>%n सेटिंग बदली</numerusform>
            <numerusform>%n सेटिंग्स बदलीं</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::Appliances</name>
    <message>
        <source>this machine, %1</source>
        <translation>यह मशीन, %1</translation>
    </message>
    <message>
        <source>ssh %1</source>
        <translation>ssh %1</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>तैयार</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>शुरू हो रहा है</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>ध्यान चाहिए</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>रुका हुआ</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>बंद हो रहा है</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>देखा गया</translation>
    </message>
    <message>
        <source>Not connected yet</source>
        <translation>अभी कनेक्ट नहीं हुआ</translation>
    </message>
    <message>
        <source>%1, %2 IST</source>
        <comment>state, time today</comment>
        <translation>%1, %2 IST</translation>
    </message>
    <message>
        <source>%1, %2, %3 IST</source>
        <comment>state, date, time</comment>
        <translation>%1, %2, %3 IST</translation>
    </message>
</context>
<context>
    <name>tijori::ApprovalSection</name>
    <message>
        <source>Approvals</source>
        <translation>मंज़ूरियाँ</translation>
    </message>
    <message>
        <source>as the appliance has them; read only here</source>
        <translation>उपकरण में जैसी हैं; यहाँ केवल पढ़ सकते हैं</translation>
    </message>
    <message>
        <source>A guardrail policy</source>
        <translation>गार्डरेल नीति</translation>
    </message>
    <message>
        <source>So many persons, the author among them, before a policy is active. Set as guardrails.approvals in tijorid.toml.</source>
        <translation>नीति सक्रिय होने से पहले इतने व्यक्ति चाहिए, लेखक समेत। tijorid.toml में guardrails.approvals से तय होता है।</translation>
    </message>
    <message>
        <source>A change of the register or of the models</source>
        <translation>रजिस्टर या मॉडल में बदलाव</translation>
    </message>
    <message>
        <source>So many persons for a client, a revocation, a load. Written on each audit record.</source>
        <translation>क्लाइंट जोड़ने, निरस्त करने या मॉडल लोड करने के लिए इतने व्यक्ति। हर ऑडिट रिकॉर्ड में लिखा जाता है।</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>ज्ञात नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::AuditFilters</name>
    <message>
        <source>Record number, client, request or digest</source>
        <translation>रिकॉर्ड संख्या, क्लाइंट, अनुरोध या डाइजेस्ट</translation>
    </message>
    <message>
        <source>Search records</source>
        <translation>रिकॉर्ड खोजें</translation>
    </message>
    <message>
        <source>Search records  Ctrl+F</source>
        <translation>रिकॉर्ड खोजें  Ctrl+F</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>समय</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>कोई भी समय</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>पिछला घंटा</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>आज</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>पिछले 24 घंटे</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>पिछले 7 दिन</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>पिछले 30 दिन</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>कर्ता</translation>
    </message>
    <message>
        <source>All actors</source>
        <translation>सभी कर्ता</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>घटना</translation>
    </message>
    <message>
        <source>All events</source>
        <translation>सभी घटनाएँ</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>परिणाम</translation>
    </message>
    <message>
        <source>All outcomes</source>
        <translation>सभी परिणाम</translation>
    </message>
    <message numerus="yes">
        <source>%n client(s) are meant by %1: %2.</source>
        <translation>
            <numerusform>%1 से %n क्लाइंट मिलता है: %2।</numerusform>
            <numerusform>%1 से %n क्लाइंट मिलते हैं: %2।</numerusform>
        </translation>
    </message>
    <message>
        <source>No client and no request is called %1.</source>
        <translation>%1 नाम का कोई क्लाइंट या अनुरोध नहीं है।</translation>
    </message>
</context>
<context>
    <name>tijori::AuditList</name>
    <message>
        <source>Record</source>
        <translation>रिकॉर्ड</translation>
    </message>
    <message>
        <source>Time, IST</source>
        <translation>समय, IST</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>कर्ता</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>घटना</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>नतीजा</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>समय लगा</translation>
    </message>
    <message>
        <source>Covered by a signed checkpoint</source>
        <translation>हस्ताक्षरित चेकपॉइंट में शामिल</translation>
    </message>
    <message>
        <source>Not signed yet</source>
        <translation>अभी हस्ताक्षरित नहीं</translation>
    </message>
    <message>
        <source>Being fetched</source>
        <translation>लाया जा रहा है</translation>
    </message>
    <message>
        <source>Record %1, signed</source>
        <translation>रिकॉर्ड %1, हस्ताक्षरित</translation>
    </message>
    <message>
        <source>Record %1, not signed yet</source>
        <translation>रिकॉर्ड %1, अभी हस्ताक्षरित नहीं</translation>
    </message>
    <message>
        <source>Model or policy</source>
        <translation>मॉडल या पॉलिसी</translation>
    </message>
</context>
<context>
    <name>tijori::AuditScreen</name>
    <message>
        <source>Audit</source>
        <translation>ऑडिट</translation>
    </message>
    <message>
        <source>Audit records</source>
        <translation>ऑडिट रिकॉर्ड</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>सत्यापित करें</translation>
    </message>
    <message>
        <source>The log&apos;s process is away</source>
        <translation>लॉग की प्रक्रिया उपलब्ध नहीं है</translation>
    </message>
    <message>
        <source>Records can be read when tijori-audit is back; until then nothing is answered either.</source>
        <translation>tijori-audit के लौटने पर रिकॉर्ड पढ़े जा सकेंगे; तब तक कोई उत्तर भी नहीं दिया जाता।</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 में से %1</translation>
    </message>
    <message>
        <source>%1 so far, of %2</source>
        <translation>%2 में से अब तक %1</translation>
    </message>
    <message>
        <source>There is no record %1.</source>
        <translation>रिकॉर्ड %1 नहीं है।</translation>
    </message>
    <message>
        <source>Copied as a command.</source>
        <translation>कमांड कॉपी हुई।</translation>
    </message>
    <message>
        <source>The proof of record %1 is on the clipboard.</source>
        <translation>रिकॉर्ड %1 का प्रमाण क्लिपबोर्ड पर है।</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) saved to %1.</source>
        <translation>
            <numerusform>%n पंक्ति %1 में सहेजी गई।</numerusform>
            <numerusform>%n पंक्तियाँ %1 में सहेजी गईं।</numerusform>
        </translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Ask for the list again</source>
        <translation>सूची फिर से माँगें</translation>
    </message>
    <message>
        <source>Verify the log</source>
        <translation>लॉग सत्यापित करें</translation>
    </message>
    <message>
        <source>needs the role auditor</source>
        <translation>auditor भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>फ़िल्टर हटाएँ</translation>
    </message>
    <message>
        <source>Export rows…</source>
        <translation>पंक्तियाँ एक्सपोर्ट करें…</translation>
    </message>
    <message>
        <source>Signed export…</source>
        <translation>हस्ताक्षरित एक्सपोर्ट…</translation>
    </message>
    <message>
        <source>The log itself with its proofs, for tijori-audit-verify</source>
        <translation>प्रमाणों के साथ पूरा लॉग, tijori-audit-verify के लिए</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>एक्सपोर्ट हुआ</translation>
    </message>
    <message>
        <source>No record matches</source>
        <translation>कोई रिकॉर्ड नहीं मिला</translation>
    </message>
    <message>
        <source>Nothing in the log is what the filters ask for.</source>
        <translation>फ़िल्टर जो माँगते हैं, वैसा लॉग में कुछ नहीं है।</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>%1 of %2 rows, %3</source>
        <translation>%2 में से %1 पंक्तियाँ, %3</translation>
    </message>
    <message>
        <source>%1 rows, %2</source>
        <translation>%1 पंक्तियाँ, %2</translation>
    </message>
    <message>
        <source>%1 of the log written</source>
        <translation>लॉग का %1 लिखा गया</translation>
    </message>
    <message>
        <source>%1 saved to %2; SHA-256 %3.</source>
        <translation>%1 को %2 में सहेजा गया; SHA-256 %3।</translation>
    </message>
    <message>
        <source>The export was cancelled; no file was written.</source>
        <translation>एक्सपोर्ट रद्द किया गया; कोई फ़ाइल नहीं लिखी गई।</translation>
    </message>
    <message>
        <source>%1 was not written: %2.</source>
        <translation>%1 नहीं लिखी गई: %2।</translation>
    </message>
    <message>
        <source>Needs the role auditor.</source>
        <translation>इसके लिए auditor भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>Asking %1 for its audit log</source>
        <translation>%1 से ऑडिट लॉग माँगा जा रहा है</translation>
    </message>
    <message>
        <source>%1 records, log %2</source>
        <translation>%1 रिकॉर्ड, लॉग %2</translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>फिर सत्यापित करें</translation>
    </message>
    <message>
        <source>%1 records, newest first</source>
        <translation>%1 रिकॉर्ड, नए पहले</translation>
    </message>
    <message>
        <source>%1 of %2, %3 to %4 IST</source>
        <translation>%2 में से %1, %3 से %4 IST तक</translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n नया</numerusform>
            <numerusform>%n नए</numerusform>
        </translation>
    </message>
    <message>
        <source>Newer records came in above: go there  Home</source>
        <translation>ऊपर नए रिकॉर्ड आए हैं: वहाँ जाएँ  Home</translation>
    </message>
    <message>
        <source>The verification could not be asked for.</source>
        <translation>सत्यापन शुरू नहीं किया जा सका।</translation>
    </message>
    <message>
        <source>An export is under way.</source>
        <translation>एक एक्सपोर्ट चल रहा है।</translation>
    </message>
    <message>
        <source>Save the rows of the filter</source>
        <translation>फ़िल्टर की पंक्तियाँ सहेजें</translation>
    </message>
    <message>
        <source>The export could not be started.</source>
        <translation>एक्सपोर्ट शुरू नहीं किया जा सका।</translation>
    </message>
    <message>
        <source>Writing the rows to %1</source>
        <translation>पंक्तियाँ %1 में लिखी जा रही हैं</translation>
    </message>
    <message>
        <source>Save the signed log</source>
        <translation>हस्ताक्षरित लॉग सहेजें</translation>
    </message>
    <message>
        <source>Writing the log to %1</source>
        <translation>लॉग %1 में लिखा जा रहा है</translation>
    </message>
    <message>
        <source>Save the kept checkpoint</source>
        <translation>सुरक्षित चेकपॉइंट सहेजें</translation>
    </message>
    <message>
        <source>The checkpoint was saved to %1.</source>
        <translation>चेकपॉइंट %1 में सहेजा गया।</translation>
    </message>
    <message>
        <source>Cancel the verification</source>
        <translation>सत्यापन रद्द करें</translation>
    </message>
    <message>
        <source>Records over time</source>
        <translation>समय के साथ रिकॉर्ड</translation>
    </message>
    <message>
        <source>Export the rows of the filter…</source>
        <translation>फ़िल्टर की पंक्तियाँ एक्सपोर्ट करें…</translation>
    </message>
    <message>
        <source>Export the signed log…</source>
        <translation>हस्ताक्षरित लॉग एक्सपोर्ट करें…</translation>
    </message>
    <message>
        <source>Copy the proof of record %1</source>
        <translation>रिकॉर्ड %1 का प्रमाण कॉपी करें</translation>
    </message>
</context>
<context>
    <name>tijori::AuditVerdictWords</name>
    <message>
        <source>This console can&apos;t keep checkpoints: %1.</source>
        <translation>यह कंसोल चेकपॉइंट सुरक्षित नहीं रख पा रहा: %1।</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, and the log contradicts them.</source>
        <translation>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित है, और लॉग उससे मेल नहीं खाता।</numerusform>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित हैं, और लॉग उनसे मेल नहीं खाता।</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, %1 still to be compared.</source>
        <translation>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित है, %1 की तुलना बाकी है।</numerusform>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित हैं, %1 की तुलना बाकी है।</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) kept by this console, none in conflict.</source>
        <translation>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित है, कोई टकराव नहीं।</numerusform>
            <numerusform>इस कंसोल में %n चेकपॉइंट सुरक्षित हैं, कोई टकराव नहीं।</numerusform>
        </translation>
    </message>
    <message>
        <source>Every record is signed.</source>
        <translation>हर रिकॉर्ड हस्ताक्षरित है।</translation>
    </message>
    <message>
        <source>No record is signed yet.</source>
        <translation>अभी कोई रिकॉर्ड हस्ताक्षरित नहीं है।</translation>
    </message>
    <message numerus="yes">
        <source>The last %n record(s), at most %1 old, are not signed yet.</source>
        <translation>
            <numerusform>अंतिम %n रिकॉर्ड, अधिकतम %1 पुराना, अभी हस्ताक्षरित नहीं है।</numerusform>
            <numerusform>अंतिम %n रिकॉर्ड, अधिकतम %1 पुराने, अभी हस्ताक्षरित नहीं हैं।</numerusform>
        </translation>
    </message>
    <message>
        <source>signed %1</source>
        <translation>%1 को हस्ताक्षरित</translation>
    </message>
    <message>
        <source>verifying</source>
        <translation>सत्यापन जारी</translation>
    </message>
    <message>
        <source>Verifying the chain</source>
        <translation>शृंखला सत्यापित हो रही है</translation>
    </message>
    <message>
        <source>%1 of %2 records</source>
        <translation>%2 में से %1 रिकॉर्ड</translation>
    </message>
    <message>
        <source>%1 records/s, %2 left</source>
        <translation>%1 रिकॉर्ड/s, %2 बाकी</translation>
    </message>
    <message>
        <source>%1 records/s</source>
        <translation>%1 रिकॉर्ड/s</translation>
    </message>
    <message>
        <source>No alteration found so far.</source>
        <translation>अब तक कोई बदलाव नहीं मिला।</translation>
    </message>
    <message>
        <source>The log was altered at record %1.</source>
        <translation>लॉग में रिकॉर्ड %1 पर बदलाव मिला।</translation>
    </message>
    <message>
        <source>The log was altered in records %1 to %2.</source>
        <translation>लॉग में रिकॉर्ड %1 से %2 के बीच बदलाव मिला।</translation>
    </message>
    <message numerus="yes">
        <source>over %n record(s), seen %1</source>
        <translation>
            <numerusform>%n रिकॉर्ड का, %1 को देखा गया</numerusform>
            <numerusform>%n रिकॉर्डों का, %1 को देखा गया</numerusform>
        </translation>
    </message>
    <message>
        <source>The log shrank: records that were signed for are gone.</source>
        <translation>लॉग छोटा हो गया: जिन रिकॉर्डों पर हस्ताक्षर थे, वे गायब हैं।</translation>
    </message>
    <message>
        <source>The log forked: records that were signed for are others now.</source>
        <translation>लॉग बदल गया: जिन रिकॉर्डों पर हस्ताक्षर थे, उनकी जगह अब दूसरे हैं।</translation>
    </message>
    <message>
        <source>The appliance has another log than before.</source>
        <translation>अप्लायंस पर अब पहले वाला लॉग नहीं है।</translation>
    </message>
    <message>
        <source>The log is signed by another key than before.</source>
        <translation>लॉग पर अब किसी दूसरी कुंजी के हस्ताक्षर हैं।</translation>
    </message>
    <message>
        <source>A checkpoint bears a signature that the log&apos;s key never made.</source>
        <translation>एक चेकपॉइंट पर ऐसे हस्ताक्षर हैं जो लॉग की कुंजी ने कभी नहीं किए।</translation>
    </message>
    <message>
        <source>Seen %1.</source>
        <translation>%1 को देखा गया।</translation>
    </message>
    <message>
        <source>It broke in records %1 to %2: the checkpoint %3, holds no more.</source>
        <translation>टूट रिकॉर्ड %1 से %2 में है: चेकपॉइंट %3, अब सही नहीं बैठता।</translation>
    </message>
    <message>
        <source>It broke in records %1 to %2: the checkpoint %3, still holds; the one %4, doesn&apos;t.</source>
        <translation>टूट रिकॉर्ड %1 से %2 में है: चेकपॉइंट %3, अब भी सही बैठता है; चेकपॉइंट %4, नहीं।</translation>
    </message>
    <message>
        <source>Leave the appliance as it is, export the log and show both to whoever audits it. Save the kept checkpoint and compare it from another machine too.</source>
        <translation>अप्लायंस को जैसा है वैसा छोड़ें, लॉग एक्सपोर्ट करें और दोनों ऑडिटर को दिखाएँ। सुरक्षित चेकपॉइंट सहेजें और किसी दूसरी मशीन से भी तुलना करें।</translation>
    </message>
    <message>
        <source>%1 (%2 UTC)</source>
        <translation>%1 (%2 UTC)</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>जाँच नहीं हुई</translation>
    </message>
    <message>
        <source>The verification gave no verdict</source>
        <translation>सत्यापन का कोई नतीजा नहीं आया</translation>
    </message>
    <message>
        <source>altered</source>
        <translation>बदलाव मिला</translation>
    </message>
    <message>
        <source>incomplete</source>
        <translation>अधूरा</translation>
    </message>
    <message>
        <source>The log was altered</source>
        <translation>लॉग में बदलाव मिला</translation>
    </message>
    <message>
        <source>The log is incomplete</source>
        <translation>लॉग अधूरा है</translation>
    </message>
    <message>
        <source>proven up to record %1 only</source>
        <translation>केवल रिकॉर्ड %1 तक प्रमाणित</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>सत्यापित</translation>
    </message>
    <message>
        <source>Verified up to record %1</source>
        <translation>रिकॉर्ड %1 तक सत्यापित</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to ask about: %1</source>
        <translation>
            <numerusform>पूछने लायक %n बात: %1</numerusform>
            <numerusform>पूछने लायक %n बातें: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Not proven to be this log</source>
        <translation>यही लॉग है, यह प्रमाणित नहीं</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>सत्यापित नहीं</translation>
    </message>
    <message>
        <source>Signed up to record %1, not verified since the log&apos;s process began</source>
        <translation>रिकॉर्ड %1 तक हस्ताक्षरित, लॉग की प्रक्रिया शुरू होने के बाद सत्यापित नहीं</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>हस्ताक्षरित नहीं</translation>
    </message>
    <message>
        <source>No checkpoint is signed yet</source>
        <translation>अभी किसी चेकपॉइंट पर हस्ताक्षर नहीं हुए</translation>
    </message>
    <message>
        <source>The last verification found that the log was altered or is incomplete.</source>
        <translation>पिछले सत्यापन में लॉग में बदलाव मिला या वह अधूरा निकला।</translation>
    </message>
    <message>
        <source>Verify again to see where, and export the log for whoever audits it.</source>
        <translation>कहाँ, यह देखने के लिए फिर सत्यापित करें, और ऑडिटर के लिए लॉग एक्सपोर्ट करें।</translation>
    </message>
    <message>
        <source>The log was altered.</source>
        <translation>लॉग में बदलाव मिला।</translation>
    </message>
    <message>
        <source>The log is incomplete.</source>
        <translation>लॉग अधूरा है।</translation>
    </message>
    <message>
        <source>Leave the appliance as it is, export the log and show it to whoever audits it.</source>
        <translation>अप्लायंस को जैसा है वैसा छोड़ें, लॉग एक्सपोर्ट करें और ऑडिटर को दिखाएँ।</translation>
    </message>
</context>
<context>
    <name>tijori::BenchPane</name>
    <message>
        <source>Spans, %1</source>
        <translation>अंश, %1</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>परखा नहीं गया</translation>
    </message>
    <message numerus="yes">
        <source>%n span(s), %1 differ</source>
        <translation>
            <numerusform>%n अंश, %1 अलग</numerusform>
            <numerusform>%n अंश, %1 अलग</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n span(s)</source>
        <translation>
            <numerusform>%n अंश</numerusform>
            <numerusform>%n अंश</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::BenchPanel</name>
    <message>
        <source>Bench</source>
        <translation>बेंच</translation>
    </message>
    <message>
        <source>nothing is sent to a model and nothing is stored</source>
        <translation>मॉडल को कुछ नहीं भेजा जाता और कुछ सहेजा नहीं जाता</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>अनुरोध</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>उत्तर</translation>
    </message>
    <message>
        <source>Judged as</source>
        <translation>किस रूप में परखें</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>चलाएँ</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>सक्रिय</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>ड्राफ़्ट</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>पाठ</translation>
    </message>
    <message>
        <source>Text to try</source>
        <translation>आज़माने का पाठ</translation>
    </message>
    <message>
        <source>Own text</source>
        <translation>अपना पाठ</translation>
    </message>
    <message>
        <source>Run  Ctrl+Enter</source>
        <translation>चलाएँ  Ctrl+Enter</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>चल रहा है</translation>
    </message>
</context>
<context>
    <name>tijori::BenchTable</name>
    <message>
        <source>Not judged: %1</source>
        <translation>परखा नहीं गया: %1</translation>
    </message>
    <message>
        <source>Refused by %1</source>
        <translation>%1 ने अस्वीकार किया</translation>
    </message>
    <message>
        <source>Ended by %1, with the policy&apos;s message</source>
        <translation>%1 ने रोका, नीति के संदेश के साथ</translation>
    </message>
    <message>
        <source>Ended by %1</source>
        <translation>%1 ने रोका</translation>
    </message>
    <message>
        <source>Released with masks</source>
        <translation>मास्क के साथ जारी</translation>
    </message>
    <message>
        <source>Released as it is</source>
        <translation>ज्यों का त्यों जारी</translation>
    </message>
    <message>
        <source>The other side doesn&apos;t find this.</source>
        <translation>दूसरे पक्ष को यह नहीं मिला।</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 से %2</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>लेबल</translation>
    </message>
    <message>
        <source>Span</source>
        <translation>अंश</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>स्कोर</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>कार्रवाई</translation>
    </message>
    <message>
        <source>KYC, Hinglish</source>
        <translation>KYC, हिंग्लिश</translation>
    </message>
    <message>
        <source>KYC, Hindi</source>
        <translation>KYC, हिंदी</translation>
    </message>
    <message>
        <source>KYC, English</source>
        <translation>KYC, अंग्रेज़ी</translation>
    </message>
    <message>
        <source>Look-alikes</source>
        <translation>मिलते-जुलते</translation>
    </message>
    <message>
        <source>A pasted key</source>
        <translation>चिपकाई गई कुंजी</translation>
    </message>
    <message>
        <source>An instruction</source>
        <translation>एक निर्देश</translation>
    </message>
</context>
<context>
    <name>tijori::ChatStream</name>
    <message>
        <source>Ended at the longest answer asked for.</source>
        <translation>माँगी गई अधिकतम लंबाई पर उत्तर समाप्त हुआ।</translation>
    </message>
    <message>
        <source>A guardrail ended this answer. What it lets pass is shown.</source>
        <translation>गार्डरेल ने यह उत्तर समाप्त कर दिया। जितना वह जाने देता है, उतना दिखाया गया है।</translation>
    </message>
    <message>
        <source>Stopped. What was made until then is recorded.</source>
        <translation>रोका गया। तब तक जो बना, वह रिकॉर्ड में है।</translation>
    </message>
    <message>
        <source>Stopped by the console: it shows at most 1 MiB of an answer.</source>
        <translation>कंसोल ने रोक दिया: वह उत्तर का ज़्यादा से ज़्यादा 1 MiB दिखाता है।</translation>
    </message>
    <message numerus="yes">
        <source>%1 Try again in %n s.</source>
        <translation>
            <numerusform>%1 %n सेकंड में फिर कोशिश करें।</numerusform>
            <numerusform>%1 %n सेकंड में फिर कोशिश करें।</numerusform>
        </translation>
    </message>
    <message>
        <source>The appliance no longer accepts this console&apos;s certificate, so the answer was cut: %1</source>
        <translation>उपकरण अब इस कंसोल का सर्टिफ़िकेट नहीं मानता, इसलिए उत्तर काट दिया गया: %1</translation>
    </message>
    <message>
        <source>The appliance closed the connection in the middle of the answer. It is still there: ask again.</source>
        <translation>उपकरण ने उत्तर के बीच में कनेक्शन बंद कर दिया। वह अब भी चालू है: फिर पूछें।</translation>
    </message>
    <message>
        <source>Nobody answers at the inference socket: %1</source>
        <translation>इनफ़रेंस सॉकेट पर कोई जवाब नहीं देता: %1</translation>
    </message>
</context>
<context>
    <name>tijori::ClientDrawer</name>
    <message>
        <source>expired</source>
        <translation>समाप्त</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) of %1 left</source>
        <translation>
            <numerusform>%1 में से %n दिन बाकी</numerusform>
            <numerusform>%1 में से %n दिन बाकी</numerusform>
        </translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>How it asks</source>
        <translation>यह कैसे पूछता है</translation>
    </message>
    <message>
        <source>Language of the program</source>
        <translation>प्रोग्राम की भाषा</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>कॉपी करें</translation>
    </message>
    <message>
        <source>Copy the program</source>
        <translation>प्रोग्राम कॉपी करें</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>प्रोग्राम</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>नवीनीकृत करें…</translation>
    </message>
    <message>
        <source>the old one works until it expires</source>
        <translation>पुराना अपनी समाप्ति तक चलता है</translation>
    </message>
    <message>
        <source>In the register</source>
        <translation>रजिस्टर में</translation>
    </message>
    <message>
        <source>Revoked because</source>
        <translation>निरस्त करने का कारण</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>भूमिका</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>जोड़ा गया</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>पिछली बार दिखा</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>अभी नहीं</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>चल रहे हैं</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n अनुरोध</numerusform>
            <numerusform>%n अनुरोध</numerusform>
        </translation>
    </message>
    <message>
        <source>Tokens today</source>
        <translation>आज के टोकन</translation>
    </message>
    <message>
        <source>%1, no limit</source>
        <translation>%1, कोई सीमा नहीं</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 में से %1</translation>
    </message>
    <message>
        <source>Id in records</source>
        <translation>रिकॉर्ड में id</translation>
    </message>
    <message>
        <source>Revoked certificate</source>
        <translation>निरस्त सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>फ़िंगरप्रिंट</translation>
    </message>
    <message>
        <source>Its records</source>
        <translation>इसके रिकॉर्ड</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>निरस्त करें…</translation>
    </message>
    <message>
        <source>Revoke %1?</source>
        <translation>%1 को निरस्त करें?</translation>
    </message>
    <message>
        <source>This can&apos;t be undone</source>
        <translation>इसे वापस नहीं लिया जा सकता</translation>
    </message>
    <message>
        <source>for good</source>
        <translation>हमेशा के लिए</translation>
    </message>
    <message>
        <source>No answer is under way now; one that begins meanwhile is cut.</source>
        <translation>अभी कोई उत्तर नहीं बन रहा है; इस बीच शुरू हुआ उत्तर कट जाएगा।</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) under way are cut; their users see an error.</source>
        <translation>
            <numerusform>बन रहा %n उत्तर कट जाएगा; उसके उपयोगकर्ता को त्रुटि दिखेगी।</numerusform>
            <numerusform>बन रहे %n उत्तर कट जाएँगे; उनके उपयोगकर्ताओं को त्रुटि दिखेगी।</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n certificate(s) stop working and can&apos;t be restored.</source>
        <translation>
            <numerusform>%n सर्टिफ़िकेट काम करना बंद कर देगा और वापस नहीं लाया जा सकता।</numerusform>
            <numerusform>%n सर्टिफ़िकेट काम करना बंद कर देंगे और वापस नहीं लाए जा सकते।</numerusform>
        </translation>
    </message>
    <message>
        <source>To let it in again, issue a new certificate and add it to the register under another name.</source>
        <translation>इसे फिर से आने देने के लिए नया सर्टिफ़िकेट जारी करें और उसे दूसरे नाम से रजिस्टर में जोड़ें।</translation>
    </message>
    <message>
        <source>Type the name to confirm</source>
        <translation>पुष्टि के लिए नाम लिखें</translation>
    </message>
    <message>
        <source>Name of the client to revoke</source>
        <translation>निरस्त किए जाने वाले क्लाइंट का नाम</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>रहने दें</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>निरस्त करें</translation>
    </message>
    <message>
        <source>Type the name first.</source>
        <translation>पहले नाम लिखें।</translation>
    </message>
</context>
<context>
    <name>tijori::ClientTable</name>
    <message>
        <source>active</source>
        <translation>सक्रिय</translation>
    </message>
    <message>
        <source>expires soon</source>
        <translation>जल्द समाप्त</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>समाप्त</translation>
    </message>
    <message>
        <source>revoked</source>
        <translation>निरस्त</translation>
    </message>
    <message>
        <source>over</source>
        <translation>बीत गया</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>अभी नहीं</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>क्लाइंट</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>भूमिकाएँ</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>पिछली बार दिखा</translation>
    </message>
    <message>
        <source>Certificate until</source>
        <translation>सर्टिफ़िकेट कब तक</translation>
    </message>
    <message>
        <source>never seen</source>
        <translation>कभी नहीं दिखा</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) under way</source>
        <translation>
            <numerusform>%n उत्तर बन रहा है</numerusform>
            <numerusform>%n उत्तर बन रहे हैं</numerusform>
        </translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>%1 में से</translation>
    </message>
    <message>
        <source>Tokens today</source>
        <translation>आज के टोकन</translation>
    </message>
</context>
<context>
    <name>tijori::ClientsScreen</name>
    <message>
        <source>Clients</source>
        <translation>क्लाइंट</translation>
    </message>
    <message>
        <source>All</source>
        <translation>सभी</translation>
    </message>
    <message>
        <source>Expiring</source>
        <translation>समाप्त हो रहे</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>निरस्त</translation>
    </message>
    <message>
        <source>Which clients</source>
        <translation>कौन से क्लाइंट</translation>
    </message>
    <message>
        <source>Add certificate…</source>
        <translation>सर्टिफ़िकेट जोड़ें…</translation>
    </message>
    <message>
        <source>New application…</source>
        <translation>नया ऐप्लिकेशन…</translation>
    </message>
    <message>
        <source>Changing the register needs the role operator.</source>
        <translation>रजिस्टर बदलने के लिए operator भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>Search clients</source>
        <translation>क्लाइंट खोजें</translation>
    </message>
    <message>
        <source>Asking %1 for the register</source>
        <translation>%1 से रजिस्टर माँगा जा रहा है</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>सभी %1</translation>
    </message>
    <message>
        <source>Expiring %1</source>
        <translation>समाप्त हो रहे %1</translation>
    </message>
    <message>
        <source>Revoked %1</source>
        <translation>निरस्त %1</translation>
    </message>
    <message numerus="yes">
        <source>%n client(s) in the register</source>
        <translation>
            <numerusform>रजिस्टर में %n क्लाइंट</numerusform>
            <numerusform>रजिस्टर में %n क्लाइंट</numerusform>
        </translation>
    </message>
    <message>
        <source>No clients yet</source>
        <translation>अभी कोई क्लाइंट नहीं</translation>
    </message>
    <message>
        <source>An application needs a certificate of the site&apos;s authority and a place in this register.</source>
        <translation>ऐप्लिकेशन को साइट के CA का सर्टिफ़िकेट और इस रजिस्टर में स्थान चाहिए।</translation>
    </message>
    <message>
        <source>%1 was revoked and its streams were cut.</source>
        <translation>%1 निरस्त हुआ और उसकी स्ट्रीम काट दी गईं।</translation>
    </message>
    <message>
        <source>Choose the client&apos;s certificate</source>
        <translation>क्लाइंट का सर्टिफ़िकेट चुनें</translation>
    </message>
    <message>
        <source>Certificates (*.crt *.pem)</source>
        <translation>सर्टिफ़िकेट (*.crt *.pem)</translation>
    </message>
    <message>
        <source>%1 can&apos;t be read as a certificate.</source>
        <translation>%1 को सर्टिफ़िकेट के रूप में पढ़ा नहीं जा सकता।</translation>
    </message>
    <message>
        <source>%1 is in the register.</source>
        <translation>%1 रजिस्टर में है।</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>needs the role operator</source>
        <translation>operator भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Ask for the register again</source>
        <translation>रजिस्टर फिर से माँगें</translation>
    </message>
    <message>
        <source>Add a client by its certificate…</source>
        <translation>सर्टिफ़िकेट से क्लाइंट जोड़ें…</translation>
    </message>
    <message>
        <source>Issue from CSR…</source>
        <translation>CSR से जारी करें…</translation>
    </message>
    <message>
        <source>Applications</source>
        <translation>ऐप्लिकेशन</translation>
    </message>
    <message>
        <source>People</source>
        <translation>लोग</translation>
    </message>
    <message>
        <source>Search name, role, fingerprint</source>
        <translation>नाम, भूमिका, फ़िंगरप्रिंट खोजें</translation>
    </message>
    <message>
        <source>No answer; register as read at %1 IST</source>
        <translation>जवाब नहीं आया; रजिस्टर %1 IST का है</translation>
    </message>
    <message>
        <source>Applications %1</source>
        <translation>ऐप्लिकेशन %1</translation>
    </message>
    <message>
        <source>People %1</source>
        <translation>लोग %1</translation>
    </message>
    <message>
        <source>certificates and the register of %1</source>
        <translation>%1 के सर्टिफ़िकेट और रजिस्टर</translation>
    </message>
    <message>
        <source>none expires within 30 days</source>
        <translation>30 दिन में कोई समाप्त नहीं होता</translation>
    </message>
    <message numerus="yes">
        <source>%n expire(s) within 30 days</source>
        <translation>
            <numerusform>30 दिन में %n समाप्त होगा</numerusform>
            <numerusform>30 दिन में %n समाप्त होंगे</numerusform>
        </translation>
    </message>
    <message>
        <source>Register read at %1 IST</source>
        <translation>रजिस्टर %1 IST पर पढ़ा गया</translation>
    </message>
    <message>
        <source>%1 is revoked already.</source>
        <translation>%1 पहले से निरस्त है।</translation>
    </message>
    <message>
        <source>%1 requests since %2 came from it; their records stay.</source>
        <translation>%2 से अब तक इससे %1 अनुरोध आए; उनके रिकॉर्ड बने रहते हैं।</translation>
    </message>
    <message>
        <source>%1 has a new certificate; the old one still works.</source>
        <translation>%1 के पास नया सर्टिफ़िकेट है; पुराना अभी भी चलता है।</translation>
    </message>
    <message>
        <source>choose a client first</source>
        <translation>पहले क्लाइंट चुनें</translation>
    </message>
    <message>
        <source>it is revoked already</source>
        <translation>यह पहले से निरस्त है</translation>
    </message>
    <message>
        <source>Renew a certificate…</source>
        <translation>सर्टिफ़िकेट नवीनीकृत करें…</translation>
    </message>
    <message>
        <source>Renew %1…</source>
        <translation>%1 को नवीनीकृत करें…</translation>
    </message>
    <message>
        <source>Revoke a client…</source>
        <translation>क्लाइंट को निरस्त करें…</translation>
    </message>
    <message>
        <source>Revoke %1…</source>
        <translation>%1 को निरस्त करें…</translation>
    </message>
    <message>
        <source>asks first, says what is lost</source>
        <translation>पहले पूछता है, बताता है कि क्या खोएगा</translation>
    </message>
    <message>
        <source>Needs the role auditor.</source>
        <translation>इसके लिए auditor भूमिका चाहिए।</translation>
    </message>
</context>
<context>
    <name>tijori::CommandBox</name>
    <message>
        <source>Copy</source>
        <translation>कॉपी करें</translation>
    </message>
    <message>
        <source>Copy the command %1</source>
        <translation>कमांड %1 कॉपी करें</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>कॉपी हुआ</translation>
    </message>
</context>
<context>
    <name>tijori::ConnectFailures</name>
    <message>
        <source>No file is chosen.</source>
        <translation>कोई फ़ाइल नहीं चुनी गई।</translation>
    </message>
    <message>
        <source>Choose the file of your certificate, and of the CA, with Browse.</source>
        <translation>ब्राउज़ से अपने सर्टिफ़िकेट और CA की फ़ाइल चुनें।</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 वहाँ नहीं है।</translation>
    </message>
    <message>
        <source>Looked at %1. Choose another file, or bring it back.</source>
        <translation>%1 पर देखा गया। दूसरी फ़ाइल चुनें या इसे वापस लाएँ।</translation>
    </message>
    <message>
        <source>%1 can&apos;t be read by you.</source>
        <translation>%1 को आप पढ़ नहीं सकते।</translation>
    </message>
    <message>
        <source>The file belongs to somebody else. Take a copy that is yours, readable by nobody else.</source>
        <translation>फ़ाइल किसी और की है। अपनी कॉपी लें, जिसे और कोई न पढ़ सके।</translation>
    </message>
    <message>
        <source>%1 is a folder.</source>
        <translation>%1 एक फ़ोल्डर है।</translation>
    </message>
    <message>
        <source>Choose the file inside it.</source>
        <translation>उसके अंदर की फ़ाइल चुनें।</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 खाली है।</translation>
    </message>
    <message>
        <source>The copy went wrong. Fetch the file again.</source>
        <translation>कॉपी ठीक नहीं हुई। फ़ाइल फिर से लाएँ।</translation>
    </message>
    <message>
        <source>%1 is larger than 256 KiB.</source>
        <translation>%1 256 KiB से बड़ी है।</translation>
    </message>
    <message>
        <source>No certificate is that large. Choose another file.</source>
        <translation>कोई सर्टिफ़िकेट इतना बड़ा नहीं होता। दूसरी फ़ाइल चुनें।</translation>
    </message>
    <message>
        <source>%1 holds no certificate.</source>
        <translation>%1 में कोई सर्टिफ़िकेट नहीं है।</translation>
    </message>
    <message>
        <source>It must be a PKCS#12 file (.p12, .pfx) or a certificate in PEM form (.crt, .pem).</source>
        <translation>यह PKCS#12 फ़ाइल (.p12, .pfx) या PEM रूप का सर्टिफ़िकेट (.crt, .pem) होना चाहिए।</translation>
    </message>
    <message>
        <source>There is no private key in %1.</source>
        <translation>%1 में निजी कुंजी नहीं है।</translation>
    </message>
    <message>
        <source>Choose the key&apos;s file too, or the PKCS#12 file that holds both.</source>
        <translation>कुंजी की फ़ाइल भी चुनें, या वह PKCS#12 फ़ाइल जिसमें दोनों हों।</translation>
    </message>
    <message>
        <source>%1 needs its passphrase.</source>
        <translation>%1 को उसका पासफ़्रेज़ चाहिए।</translation>
    </message>
    <message>
        <source>Type it and connect again.</source>
        <translation>उसे लिखें और फिर कनेक्ट करें।</translation>
    </message>
    <message>
        <source>The passphrase of %1 is wrong.</source>
        <translation>%1 का पासफ़्रेज़ गलत है।</translation>
    </message>
    <message>
        <source>Type it again: capital and small letters count, and so does the keyboard&apos;s language.</source>
        <translation>फिर लिखें: बड़े-छोटे अक्षर और कीबोर्ड की भाषा का फ़र्क पड़ता है।</translation>
    </message>
    <message>
        <source>%1 is encrypted in an old way that is no longer safe.</source>
        <translation>%1 पुराने तरीके से एन्क्रिप्ट है, जो अब सुरक्षित नहीं है।</translation>
    </message>
    <message>
        <source>Convert it once with this command, and choose the new file.</source>
        <translation>इस कमांड से इसे एक बार बदलें और नई फ़ाइल चुनें।</translation>
    </message>
    <message>
        <source>The key is not that of this certificate.</source>
        <translation>यह कुंजी इस सर्टिफ़िकेट की नहीं है।</translation>
    </message>
    <message>
        <source>%1 belongs to another certificate. Choose the two files that were made together.</source>
        <translation>%1 किसी और सर्टिफ़िकेट की है। साथ बनी दोनों फ़ाइलें चुनें।</translation>
    </message>
    <message>
        <source>The key in %1 can&apos;t be used.</source>
        <translation>%1 की कुंजी काम नहीं आ सकती।</translation>
    </message>
    <message>
        <source>It is too weak or of an unknown kind. Ask for a new certificate.</source>
        <translation>वह कमज़ोर है या अनजान किस्म की है। नया सर्टिफ़िकेट माँगें।</translation>
    </message>
    <message>
        <source>Your certificate expired on %1.</source>
        <translation>आपका सर्टिफ़िकेट %1 को समाप्त हो गया।</translation>
    </message>
    <message>
        <source>Ask whoever keeps the CA to renew it, or choose another file. Is this computer&apos;s clock right?</source>
        <translation>जिसके पास CA है उससे नवीनीकृत करवाएँ, या दूसरी फ़ाइल चुनें। क्या इस कंप्यूटर की घड़ी सही है?</translation>
    </message>
    <message>
        <source>Your certificate is valid only from %1.</source>
        <translation>आपका सर्टिफ़िकेट %1 से ही मान्य है।</translation>
    </message>
    <message>
        <source>If that is past, this computer&apos;s clock is wrong: set it and connect again.</source>
        <translation>अगर वह समय बीत चुका है तो इस कंप्यूटर की घड़ी गलत है: उसे ठीक करें और फिर कनेक्ट करें।</translation>
    </message>
    <message>
        <source>%1 is not an administrator&apos;s certificate.</source>
        <translation>%1 प्रशासक का सर्टिफ़िकेट नहीं है।</translation>
    </message>
    <message>
        <source>It is meant for a server or a CA, or holds no Tijori name. Choose the one issued to you.</source>
        <translation>यह सर्वर या CA के लिए है, या इसमें Tijori का नाम नहीं है। वह चुनें जो आपको जारी हुआ।</translation>
    </message>
    <message>
        <source>%1 is not a CA&apos;s certificate.</source>
        <translation>%1 CA का सर्टिफ़िकेट नहीं है।</translation>
    </message>
    <message>
        <source>Choose the file ca.crt of your site. It says whose appliances are believed.</source>
        <translation>अपनी साइट की ca.crt फ़ाइल चुनें। वही बताती है कि किसके उपकरण माने जाते हैं।</translation>
    </message>
    <message>
        <source>Not reachable: %1 is not there.</source>
        <translation>पहुँच नहीं है: %1 वहाँ नहीं है।</translation>
    </message>
    <message>
        <source>On the appliance itself: start tijorid. Over ssh: open the tunnel first, see Edit.</source>
        <translation>उपकरण पर ही हों तो tijorid चालू करें। ssh से हों तो पहले टनल खोलें, “बदलें” देखें।</translation>
    </message>
    <message>
        <source>Not reachable: nobody listens at %1.</source>
        <translation>पहुँच नहीं है: %1 पर कोई सुन नहीं रहा।</translation>
    </message>
    <message>
        <source>tijorid has stopped, or the ssh tunnel has ended and left its file behind. Start it again.</source>
        <translation>tijorid बंद हो गया है, या ssh टनल खत्म हो गई और उसकी फ़ाइल रह गई। फिर चालू करें।</translation>
    </message>
    <message>
        <source>Your account may not open %1.</source>
        <translation>आपके खाते को %1 खोलने की अनुमति नहीं है।</translation>
    </message>
    <message>
        <source>It must be in the group %1. Run this as root, then log in again.</source>
        <translation>खाता समूह %1 में होना चाहिए। यह root के रूप में चलाएँ, फिर दोबारा लॉग इन करें।</translation>
    </message>
    <message>
        <source>Something listens at %1, but says nothing.</source>
        <translation>%1 पर कोई सुनता है, पर कुछ कहता नहीं।</translation>
    </message>
    <message>
        <source>tijorid may be starting or stuck. Try again in a minute; then look at its journal.</source>
        <translation>tijorid शुरू हो रहा है या अटका है। एक मिनट में फिर कोशिश करें; फिर उसका जर्नल देखें।</translation>
    </message>
    <message>
        <source>The connection was cut before a word was said.</source>
        <translation>एक शब्द भी कहे बिना कनेक्शन काट दिया गया।</translation>
    </message>
    <message>
        <source>Over ssh: tijorid isn&apos;t running there, the path there is wrong, or your account there is not in the group %1. Here: tijorid is stopping or full.</source>
        <translation>ssh से: वहाँ tijorid नहीं चल रहा, वहाँ का पथ गलत है, या वहाँ आपका खाता समूह %1 में नहीं है। यहाँ: tijorid बंद हो रहा है या भरा हुआ है।</translation>
    </message>
    <message>
        <source>What answers at %1 is not a Tijori appliance.</source>
        <translation>%1 पर जो जवाब देता है वह Tijori उपकरण नहीं है।</translation>
    </message>
    <message>
        <source>It speaks something else than TLS 1.3. Check the path of the socket.</source>
        <translation>वह TLS 1.3 के सिवा कुछ और बोलता है। सॉकेट का पथ जाँचें।</translation>
    </message>
    <message>
        <source>The appliance&apos;s own certificate has expired.</source>
        <translation>उपकरण का अपना सर्टिफ़िकेट समाप्त हो गया है।</translation>
    </message>
    <message>
        <source>Issue a new server certificate with your CA, put it into tls/ on the appliance and reload tijorid.</source>
        <translation>अपने CA से नया सर्वर सर्टिफ़िकेट जारी करें, उसे उपकरण पर tls/ में रखें और tijorid को फिर लोड करें।</translation>
    </message>
    <message>
        <source>The appliance could not prove who it is.</source>
        <translation>उपकरण यह साबित नहीं कर सका कि वह कौन है।</translation>
    </message>
    <message>
        <source>Its certificate is not from the CA you chose. Either the CA file is of another site, or somebody stands in between: do not go on before you know which.</source>
        <translation>उसका सर्टिफ़िकेट आपके चुने CA का नहीं है। या तो CA की फ़ाइल दूसरी साइट की है, या कोई बीच में है: जब तक पता न चले, आगे न बढ़ें।</translation>
    </message>
    <message>
        <source>The appliance trusts another CA than the one of your certificate.</source>
        <translation>उपकरण आपके सर्टिफ़िकेट के CA को नहीं, किसी दूसरे CA को मानता है।</translation>
    </message>
    <message>
        <source>Choose the certificate of this site, or ask whoever keeps this site&apos;s CA for one.</source>
        <translation>इस साइट का सर्टिफ़िकेट चुनें, या जिसके पास इस साइट का CA है उससे माँगें।</translation>
    </message>
    <message>
        <source>The appliance says that your certificate has expired.</source>
        <translation>उपकरण कहता है कि आपका सर्टिफ़िकेट समाप्त हो गया है।</translation>
    </message>
    <message>
        <source>By this computer&apos;s clock it has not. Compare the two clocks, or renew the certificate.</source>
        <translation>इस कंप्यूटर की घड़ी से नहीं हुआ। दोनों घड़ियाँ मिलाएँ, या सर्टिफ़िकेट नवीनीकृत करें।</translation>
    </message>
    <message>
        <source>The certificate has been revoked.</source>
        <translation>सर्टिफ़िकेट निरस्त कर दिया गया है।</translation>
    </message>
    <message>
        <source>Ask for a new one, or choose another file.</source>
        <translation>नया माँगें, या दूसरी फ़ाइल चुनें।</translation>
    </message>
    <message>
        <source>The appliance can&apos;t use this certificate.</source>
        <translation>उपकरण इस सर्टिफ़िकेट से काम नहीं ले सकता।</translation>
    </message>
    <message>
        <source>It holds no Tijori name, is not meant for clients, or is not valid yet by the appliance&apos;s clock.</source>
        <translation>इसमें Tijori का नाम नहीं है, यह क्लाइंट के लिए नहीं है, या उपकरण की घड़ी से अभी मान्य नहीं हुआ।</translation>
    </message>
    <message>
        <source>The appliance asks for a certificate, and none was shown.</source>
        <translation>उपकरण सर्टिफ़िकेट माँगता है, और कोई दिखाया नहीं गया।</translation>
    </message>
    <message>
        <source>Choose your certificate.</source>
        <translation>अपना सर्टिफ़िकेट चुनें।</translation>
    </message>
    <message>
        <source>This certificate is not in the appliance&apos;s register.</source>
        <translation>यह सर्टिफ़िकेट उपकरण के रजिस्टर में नहीं है।</translation>
    </message>
    <message>
        <source>Ask an operator to add it, with this command or on the Clients screen.</source>
        <translation>operator से इसे जुड़वाएँ, इस कमांड से या “क्लाइंट” स्क्रीन पर।</translation>
    </message>
    <message>
        <source>Your role can&apos;t administer this appliance.</source>
        <translation>आपकी भूमिका से यह उपकरण नहीं चलाया जा सकता।</translation>
    </message>
    <message>
        <source>The certificate has no role beyond application. An operator can grant another one, if the certificate names it.</source>
        <translation>सर्टिफ़िकेट में application के सिवा कोई भूमिका नहीं है। operator दूसरी दे सकता है, अगर सर्टिफ़िकेट में उसका नाम हो।</translation>
    </message>
    <message>
        <source>The appliance speaks another version of the admin protocol.</source>
        <translation>उपकरण एडमिन प्रोटोकॉल का दूसरा संस्करण बोलता है।</translation>
    </message>
    <message>
        <source>This console is version %1. Install the console that came with the appliance.</source>
        <translation>यह कंसोल संस्करण %1 है। उपकरण के साथ आया कंसोल लगाएँ।</translation>
    </message>
    <message>
        <source>The appliance is still starting.</source>
        <translation>उपकरण अभी शुरू हो रहा है।</translation>
    </message>
    <message>
        <source>It is asked again by itself.</source>
        <translation>उससे अपने-आप फिर पूछा जाता है।</translation>
    </message>
    <message>
        <source>The appliance refused.</source>
        <translation>उपकरण ने अस्वीकार किया।</translation>
    </message>
</context>
<context>
    <name>tijori::ConnectForm</name>
    <message>
        <source>This machine</source>
        <translation>यह मशीन</translation>
    </message>
    <message>
        <source>Through ssh</source>
        <translation>ssh से</translation>
    </message>
    <message>
        <source>How it is reached</source>
        <translation>कैसे पहुँचें</translation>
    </message>
    <message>
        <source>Admin socket</source>
        <translation>एडमिन सॉकेट</translation>
    </message>
    <message>
        <source>Socket of the applications, for try it</source>
        <translation>ऐप्लिकेशन का सॉकेट, आज़माने के लिए</translation>
    </message>
    <message>
        <source>The site&apos;s CA certificate</source>
        <translation>साइट का CA सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>CA certificates</source>
        <translation>CA सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>सभी फ़ाइलें</translation>
    </message>
    <message>
        <source>Certificate (PKCS#12 or PEM)</source>
        <translation>सर्टिफ़िकेट (PKCS#12 या PEM)</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>Its key (PEM)</source>
        <translation>उसकी कुंजी (PEM)</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>कुंजियाँ</translation>
    </message>
    <message>
        <source>Wiped from memory as soon as the key is read.</source>
        <translation>कुंजी पढ़ते ही मेमोरी से मिटा दिया जाता है।</translation>
    </message>
    <message>
        <source>Bengaluru DC</source>
        <translation>बेंगलुरु DC</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>नाम</translation>
    </message>
    <message>
        <source>Site (may be empty)</source>
        <translation>साइट (खाली रह सकती है)</translation>
    </message>
    <message>
        <source>Account and machine</source>
        <translation>खाता और मशीन</translation>
    </message>
    <message>
        <source>Open the tunnel first, in a terminal that stays open:</source>
        <translation>पहले टनल खोलें, ऐसे टर्मिनल में जो खुला रहे:</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>पासफ़्रेज़</translation>
    </message>
    <message>
        <source>none: the key is not encrypted</source>
        <translation>नहीं चाहिए: कुंजी एन्क्रिप्ट नहीं है</translation>
    </message>
    <message>
        <source>Others on this machine can read %1.</source>
        <translation>इस मशीन पर दूसरे लोग %1 पढ़ सकते हैं।</translation>
    </message>
    <message>
        <source>It holds your key. Close it to them with this command.</source>
        <translation>इसमें आपकी कुंजी है। इस कमांड से उनके लिए बंद करें।</translation>
    </message>
</context>
<context>
    <name>tijori::ConnectView</name>
    <message>
        <source>Connect</source>
        <translation>कनेक्ट करें</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>कनेक्ट हो रहा है</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>बदलें…</translation>
    </message>
    <message>
        <source>Forget…</source>
        <translation>भूलें…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>सहेजें</translation>
    </message>
    <message>
        <source>Tijori console</source>
        <translation>Tijori कंसोल</translation>
    </message>
    <message>
        <source>Version %1, works without any network</source>
        <translation>संस्करण %1, बिना किसी नेटवर्क के चलता है</translation>
    </message>
    <message>
        <source>Saved appliances</source>
        <translation>सहेजे गए उपकरण</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>जोड़ें…</translation>
    </message>
    <message>
        <source>None yet. Fill in the form if you have a certificate, or set one up at the right.</source>
        <translation>अभी कोई नहीं। सर्टिफ़िकेट हो तो फ़ॉर्म भरें, या साथ में दिए चरणों से नया सेट करें।</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>रहने दें</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>भूल जाएँ</translation>
    </message>
    <message>
        <source>The list could not be written.</source>
        <translation>सूची लिखी नहीं जा सकी।</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>भाषा</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>थीम</translation>
    </message>
    <message>
        <source>System</source>
        <translation>सिस्टम</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>हल्की</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>गहरी</translation>
    </message>
    <message>
        <source>Contrast, black</source>
        <translation>कंट्रास्ट, काला</translation>
    </message>
    <message>
        <source>Contrast, white</source>
        <translation>कंट्रास्ट, सफ़ेद</translation>
    </message>
    <message>
        <source>Set up another appliance…</source>
        <translation>एक और उपकरण सेट करें…</translation>
    </message>
    <message>
        <source>The saved appliances can&apos;t be read.</source>
        <translation>सहेजे गए उपकरण पढ़े नहीं जा सकते।</translation>
    </message>
    <message>
        <source>Connect to an appliance</source>
        <translation>उपकरण से कनेक्ट करें</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 बदलें</translation>
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>%1 से कनेक्ट करें</translation>
    </message>
    <message>
        <source>No appliance yet</source>
        <translation>अभी कोई उपकरण नहीं</translation>
    </message>
    <message>
        <source>Set one up from here, or connect with a certificate that somebody gave you.</source>
        <translation>यहाँ से एक सेट करें, या किसी के दिए सर्टिफ़िकेट से कनेक्ट करें।</translation>
    </message>
    <message>
        <source>Set up an appliance…</source>
        <translation>उपकरण सेट करें…</translation>
    </message>
    <message>
        <source>Go on with the set-up…</source>
        <translation>सेट करना जारी रखें…</translation>
    </message>
    <message>
        <source>This console has not been connected to it yet.</source>
        <translation>यह कंसोल अभी तक इससे कनेक्ट नहीं हुआ।</translation>
    </message>
    <message>
        <source>As it was when this console last saw it. Connect to see how it is now.</source>
        <translation>जैसा इस कंसोल ने पिछली बार देखा था। अब का हाल देखने के लिए कनेक्ट करें।</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>पिछली बार देखा</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>संस्करण</translation>
    </message>
    <message>
        <source>%1; this console is %2</source>
        <translation>%1; यह कंसोल %2 है</translation>
    </message>
    <message>
        <source>Reached by</source>
        <translation>पहुँच</translation>
    </message>
    <message>
        <source>Admin socket</source>
        <translation>एडमिन सॉकेट</translation>
    </message>
    <message>
        <source>Socket there now</source>
        <translation>सॉकेट अभी है</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>हाँ</translation>
    </message>
    <message>
        <source>no</source>
        <translation>नहीं</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>CA</source>
        <translation>CA</translation>
    </message>
    <message>
        <source>in the PKCS#12 file</source>
        <translation>PKCS#12 फ़ाइल में</translation>
    </message>
    <message>
        <source>Forget %1?</source>
        <translation>%1 को भूल जाएँ?</translation>
    </message>
    <message>
        <source>1 entry of this list goes. The appliance, your certificate and its file stay as they are.</source>
        <translation>इस सूची की 1 प्रविष्टि जाएगी। उपकरण, आपका सर्टिफ़िकेट और उसकी फ़ाइल जैसे हैं वैसे रहेंगे।</translation>
    </message>
    <message>
        <source>A name and a socket are needed.</source>
        <translation>नाम और सॉकेट चाहिए।</translation>
    </message>
    <message>
        <source>Fill in both fields, then save.</source>
        <translation>दोनों भरें, फिर सहेजें।</translation>
    </message>
    <message>
        <source>Fill in both fields, then connect.</source>
        <translation>दोनों भरें, फिर कनेक्ट करें।</translation>
    </message>
    <message>
        <source>Last try, %1: %2</source>
        <translation>पिछली कोशिश, %1: %2</translation>
    </message>
</context>
<context>
    <name>tijori::ConnectionSection</name>
    <message>
        <source>Connections</source>
        <translation>कनेक्शन</translation>
    </message>
    <message>
        <source>appliances saved on this computer</source>
        <translation>इस कंप्यूटर पर सहेजे गए उपकरण</translation>
    </message>
    <message>
        <source>The saved appliances can&apos;t be read</source>
        <translation>सहेजे गए उपकरण पढ़े नहीं जा सकते</translation>
    </message>
    <message>
        <source>No appliance is saved</source>
        <translation>कोई उपकरण सहेजा नहीं गया है</translation>
    </message>
    <message>
        <source>Connecting to one saves it.</source>
        <translation>कनेक्ट करने पर उपकरण सहेजा जाता है।</translation>
    </message>
    <message>
        <source>Certificate: %1</source>
        <translation>सर्टिफ़िकेट: %1</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>हटाएँ</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>%1 को हटाएँ</translation>
    </message>
    <message>
        <source>Its files stay where they are; only this list forgets it</source>
        <translation>इसकी फ़ाइलें वहीं रहती हैं; यह केवल इस सूची से हटता है</translation>
    </message>
    <message>
        <source>This console is connected to it now.</source>
        <translation>यह कंसोल अभी इसी से कनेक्ट है।</translation>
    </message>
    <message>
        <source>%1 was forgotten.</source>
        <translation>%1 सूची से हटाया गया।</translation>
    </message>
</context>
<context>
    <name>tijori::DocumentEditor</name>
    <message>
        <source>Policy document</source>
        <translation>नीति का दस्तावेज़</translation>
    </message>
    <message>
        <source>The document has %1 characters, %2 of them on one line: it is too long to be edited here. Its rules can be edited in the table; tijori guardrails show --document prints it.</source>
        <translation>दस्तावेज़ में %1 अक्षर हैं, जिनमें से %2 एक ही पंक्ति में हैं: यहाँ संपादन के लिए यह बहुत लंबा है। इसके नियम तालिका में बदले जा सकते हैं; tijori guardrails show --document इसे छापता है।</translation>
    </message>
</context>
<context>
    <name>tijori::Drawer</name>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>बंद करें  Esc</translation>
    </message>
    <message>
        <source>Row above</source>
        <translation>ऊपर की पंक्ति</translation>
    </message>
    <message>
        <source>Row above  Alt+Up</source>
        <translation>ऊपर की पंक्ति  Alt+Up</translation>
    </message>
    <message>
        <source>Row below</source>
        <translation>नीचे की पंक्ति</translation>
    </message>
    <message>
        <source>Row below  Alt+Down</source>
        <translation>नीचे की पंक्ति  Alt+Down</translation>
    </message>
    <message>
        <source>A name from the register: the record holds its id or digest</source>
        <translation>नाम रजिस्टर से; रिकॉर्ड में केवल उसकी पहचान या डाइजेस्ट है</translation>
    </message>
</context>
<context>
    <name>tijori::ExpertPanel</name>
    <message>
        <source>Expert load</source>
        <translation>विशेषज्ञों पर भार</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>रैखिक</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>लॉग</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>रंगों का पैमाना</translation>
    </message>
    <message>
        <source>Experts of the layer</source>
        <translation>परत के विशेषज्ञ</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 मिनट</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 मिनट</translation>
    </message>
    <message>
        <source>since load</source>
        <translation>लोड होने से</translation>
    </message>
    <message>
        <source>Time counted</source>
        <translation>गिना गया समय</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>विराम</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>CSV में एक्सपोर्ट करें…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>जारी रखें</translation>
    </message>
    <message>
        <source>The layer before</source>
        <translation>पिछली परत</translation>
    </message>
    <message>
        <source>The next layer</source>
        <translation>अगली परत</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>योग</translation>
    </message>
    <message>
        <source>Nothing was counted yet.</source>
        <translation>अभी कुछ नहीं गिना गया।</translation>
    </message>
    <message>
        <source>%1 tokens per layer</source>
        <translation>हर परत में %1 टोकन</translation>
    </message>
    <message>
        <source>%1 tokens per layer in %2 so far</source>
        <translation>अब तक %2 में हर परत में %1 टोकन</translation>
    </message>
    <message>
        <source>Layer %1</source>
        <translation>परत %1</translation>
    </message>
    <message>
        <source>%1 tokens × %2 experts for each</source>
        <translation>%1 टोकन × हर एक के लिए %2 विशेषज्ञ</translation>
    </message>
    <message>
        <source>%1 is a dense model</source>
        <translation>%1 सघन मॉडल है</translation>
    </message>
    <message>
        <source>It has no experts: every token passes through all of its weights, so there is no load to spread.</source>
        <translation>इसमें विशेषज्ञ नहीं हैं: हर टोकन सभी वेट से होकर जाता है, इसलिए बाँटने को कोई भार नहीं है।</translation>
    </message>
    <message>
        <source>No model is chosen</source>
        <translation>कोई मॉडल नहीं चुना गया</translation>
    </message>
    <message>
        <source>%1 is not loaded</source>
        <translation>%1 लोड नहीं है</translation>
    </message>
    <message>
        <source>The engine counts experts while a model answers. Load it and ask something.</source>
        <translation>मॉडल जब उत्तर देता है, तब इंजन विशेषज्ञों को गिनता है। इसे लोड करें और कुछ पूछें।</translation>
    </message>
    <message>
        <source>Experts were not counted</source>
        <translation>विशेषज्ञों की गिनती नहीं हुई</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
</context>
<context>
    <name>tijori::ExpertTable</name>
    <message>
        <source>Expert</source>
        <translation>विशेषज्ञ</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>टोकन</translation>
    </message>
</context>
<context>
    <name>tijori::ExpertWords</name>
    <message>
        <source>Too few tokens to judge. It takes some %1 tokens until the shares mean something.</source>
        <translation>परखने के लिए टोकन बहुत कम हैं। हिस्सों का मतलब निकलने के लिए क़रीब %1 टोकन चाहिए।</translation>
    </message>
    <message>
        <source>Imbalance %1, where 1 is even. No action needed: layer %2 leans most, on expert %3 (%4), and all experts lie in the same memory, so it costs no speed.</source>
        <translation>असंतुलन %1, जहाँ 1 बराबर है। कुछ करने की ज़रूरत नहीं: सबसे ज़्यादा झुकाव परत %2 में विशेषज्ञ %3 पर है (%4), और सभी विशेषज्ञ एक ही मेमोरी में हैं, इसलिए गति नहीं घटती।</translation>
    </message>
    <message>
        <source>Imbalance %1, where 1 is even. Nothing to do yet: layer %2 sends %4 to expert %3. Questions of one kind do that; compare with another day.</source>
        <translation>असंतुलन %1, जहाँ 1 बराबर है। अभी कुछ नहीं करना है: परत %2 विशेषज्ञ %3 को %4 भेजती है। एक ही तरह के प्रश्नों से ऐसा होता है; किसी और दिन से तुलना करें।</translation>
    </message>
    <message numerus="yes">
        <source>Imbalance %1, where 1 is even. %n expert(s) of a layer were never chosen. Compare the model&apos;s digest with its publisher&apos;s: a damaged router looks like this.</source>
        <translation>
            <numerusform>असंतुलन %1, जहाँ 1 बराबर है। एक परत का %n विशेषज्ञ कभी नहीं चुना गया। मॉडल का डाइजेस्ट प्रकाशक के डाइजेस्ट से मिलाएँ: ख़राब राउटर ऐसा ही दिखता है।</numerusform>
            <numerusform>असंतुलन %1, जहाँ 1 बराबर है। एक परत के %n विशेषज्ञ कभी नहीं चुने गए। मॉडल का डाइजेस्ट प्रकाशक के डाइजेस्ट से मिलाएँ: ख़राब राउटर ऐसा ही दिखता है।</numerusform>
        </translation>
    </message>
    <message>
        <source>Imbalance %1, where 1 is even. Layer %2 sends %4 to expert %3. Look at what is asked: one text over and over does this; if it is not that, compare the model&apos;s digest with its publisher&apos;s.</source>
        <translation>असंतुलन %1, जहाँ 1 बराबर है। परत %2 विशेषज्ञ %3 को %4 भेजती है। देखें कि क्या पूछा जा रहा है: एक ही पाठ बार-बार आने से ऐसा होता है; यह कारण न हो तो मॉडल का डाइजेस्ट प्रकाशक के डाइजेस्ट से मिलाएँ।</translation>
    </message>
</context>
<context>
    <name>tijori::ExpiryPanel</name>
    <message>
        <source>Certificates</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>No certificate is valid.</source>
        <translation>कोई सर्टिफ़िकेट मान्य नहीं है।</translation>
    </message>
    <message>
        <source>over</source>
        <translation>समाप्त</translation>
    </message>
</context>
<context>
    <name>tijori::Finding</name>
    <message>
        <source>The daemon is stopping: running requests may end.</source>
        <translation>डेमन रुक रहा है: चल रहे अनुरोध रुक सकते हैं।</translation>
    </message>
    <message>
        <source>Nothing is answered: the audit process does not answer.</source>
        <translation>कोई उत्तर नहीं दिया जा रहा: ऑडिट प्रक्रिया जवाब नहीं दे रही।</translation>
    </message>
    <message>
        <source>Look at its journal and restart it.</source>
        <translation>उसका जर्नल देखें और उसे रीस्टार्ट करें।</translation>
    </message>
    <message>
        <source>Nothing is answered: the audit log takes no records.</source>
        <translation>कोई उत्तर नहीं दिया जा रहा: ऑडिट लॉग रिकॉर्ड नहीं ले रहा।</translation>
    </message>
    <message>
        <source>Free space on its disk or mend it; it goes on by itself.</source>
        <translation>उसकी डिस्क पर जगह ख़ाली करें या उसे ठीक करें; काम अपने आप आगे चलेगा।</translation>
    </message>
    <message>
        <source>Nothing is answered: this is another audit log than before.</source>
        <translation>कोई उत्तर नहीं दिया जा रहा: यह पहले वाला ऑडिट लॉग नहीं है।</translation>
    </message>
    <message>
        <source>Put the old audit folder back; only if it is lost for good, accept this one.</source>
        <translation>पुराना ऑडिट फ़ोल्डर वापस रखें; इसे तभी स्वीकार करें जब वह हमेशा के लिए खो गया हो।</translation>
    </message>
    <message>
        <source>Questions are refused: the audit log&apos;s disk is nearly full.</source>
        <translation>प्रश्न अस्वीकृत हो रहे हैं: ऑडिट लॉग की डिस्क लगभग भर गई है।</translation>
    </message>
    <message>
        <source>Free space on it or add a disk.</source>
        <translation>उस पर जगह ख़ाली करें या डिस्क जोड़ें।</translation>
    </message>
    <message>
        <source>The audit log&apos;s disk is filling up.</source>
        <translation>ऑडिट लॉग की डिस्क भर रही है।</translation>
    </message>
    <message>
        <source>Nothing is answered: no guardrail policy can be relied on.</source>
        <translation>कोई उत्तर नहीं दिया जा रहा: कोई भरोसे लायक गार्डरेल नीति नहीं है।</translation>
    </message>
    <message>
        <source>Activate an approved policy, or roll back.</source>
        <translation>मंज़ूर की गई नीति सक्रिय करें, या पिछले संस्करण पर लौटें।</translation>
    </message>
    <message>
        <source>Some rules let text pass when they can&apos;t judge it.</source>
        <translation>कुछ नियम न जाँच पाने पर पाठ को जाने देते हैं।</translation>
    </message>
    <message>
        <source>Set them to fail closed, or keep the reason written down.</source>
        <translation>उन्हें विफल होने पर रोकने के लिए सेट करें, या कारण लिखकर रखें।</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>कोई मॉडल लोड नहीं है।</translation>
    </message>
    <message>
        <source>Load one.</source>
        <translation>एक लोड करें।</translation>
    </message>
    <message>
        <source>A model can&apos;t be served.</source>
        <translation>एक मॉडल चालू नहीं हो सकता।</translation>
    </message>
    <message>
        <source>See why on the Models screen, then load it again or unload it.</source>
        <translation>मॉडल स्क्रीन पर कारण देखें, फिर उसे दोबारा लोड करें या अनलोड करें।</translation>
    </message>
    <message>
        <source>A model&apos;s engine does not answer.</source>
        <translation>एक मॉडल का इंजन जवाब नहीं दे रहा है।</translation>
    </message>
    <message>
        <source>It is restarted by itself after 30 s.</source>
        <translation>30 s बाद वह अपने आप रीस्टार्ट होगा।</translation>
    </message>
    <message>
        <source>A model is being loaded.</source>
        <translation>एक मॉडल लोड हो रहा है।</translation>
    </message>
    <message>
        <source>The appliance&apos;s certificate ends soon.</source>
        <translation>उपकरण का सर्टिफ़िकेट जल्द समाप्त होगा।</translation>
    </message>
    <message>
        <source>Issue a new one where your CA is, and put it in place.</source>
        <translation>जहाँ आपका CA है वहाँ नया जारी करें और उसे लगाएँ।</translation>
    </message>
    <message>
        <source>The revocation list is older than it should be.</source>
        <translation>निरस्तीकरण सूची ज़रूरत से ज़्यादा पुरानी है।</translation>
    </message>
    <message>
        <source>Make a new one where your CA is and upload it.</source>
        <translation>जहाँ आपका CA है वहाँ नई बनाएँ और अपलोड करें।</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>ऑडिट</translation>
    </message>
    <message>
        <source>Guardrails</source>
        <translation>गार्डरेल</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>क्लाइंट</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>Working normally. Nothing to do.</source>
        <translation>सब सामान्य है। कुछ करना बाकी नहीं।</translation>
    </message>
    <message numerus="yes">
        <source>Working. %n thing(s) to do: %1</source>
        <translation>
            <numerusform>काम चल रहा है। %n काम बाकी है: %1</numerusform>
            <numerusform>काम चल रहा है। %n काम बाकी हैं: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>The audit log shrank or forked since this console saw it.</source>
        <translation>इस कंसोल के देखने के बाद ऑडिट लॉग छोटा हो गया या दो शाखाओं में बँट गया।</translation>
    </message>
    <message>
        <source>Audit names the two checkpoints between which it broke; change nothing.</source>
        <translation>ऑडिट स्क्रीन बताती है कि यह किन दो चेकपॉइंट के बीच टूटा; कुछ भी न बदलें।</translation>
    </message>
    <message>
        <source>The last reload failed: the settings before it stay.</source>
        <translation>सेटिंग्स पिछली बार दोबारा नहीं पढ़ी जा सकीं: पहले वाली लागू हैं।</translation>
    </message>
    <message>
        <source>Mend what is named below, then reload again.</source>
        <translation>नीचे बताई गई कमी ठीक करें, फिर दोबारा पढ़वाएँ।</translation>
    </message>
    <message>
        <source>The certificate of your authority ends soon.</source>
        <translation>आपकी अथॉरिटी का सर्टिफ़िकेट जल्द समाप्त होगा।</translation>
    </message>
    <message>
        <source>Make a new authority, then new certificates for everybody.</source>
        <translation>नई अथॉरिटी बनाएँ, फिर सबके लिए नए सर्टिफ़िकेट।</translation>
    </message>
    <message>
        <source>The appliance&apos;s certificate files are not there.</source>
        <translation>अप्लायंस की सर्टिफ़िकेट फ़ाइलें नहीं हैं।</translation>
    </message>
    <message>
        <source>Take them in again, as root on the appliance.</source>
        <translation>उन्हें अप्लायंस पर root के रूप में फिर से लें।</translation>
    </message>
    <message>
        <source>A certificate file on the appliance can&apos;t be used.</source>
        <translation>अप्लायंस की एक सर्टिफ़िकेट फ़ाइल काम की नहीं है।</translation>
    </message>
    <message>
        <source>Put back the one that your authority wrote, then reload.</source>
        <translation>अपनी अथॉरिटी की लिखी फ़ाइल वापस रखें, फिर रीलोड करें।</translation>
    </message>
    <message>
        <source>Every account of the appliance can read its private key.</source>
        <translation>अप्लायंस का हर खाता उसकी निजी कुंजी पढ़ सकता है।</translation>
    </message>
    <message>
        <source>Take that right away; if others were there, issue a new key.</source>
        <translation>यह अधिकार हटाएँ; यदि वहाँ और लोग थे, तो नई कुंजी जारी करें।</translation>
    </message>
    <message>
        <source>A model&apos;s file is not the one that was allowed.</source>
        <translation>एक मॉडल की फ़ाइल वह नहीं है जिसकी अनुमति दी गई थी।</translation>
    </message>
    <message>
        <source>Remove it and add it again from where it came.</source>
        <translation>उसे हटाएँ और जहाँ से आई थी वहाँ से फिर जोड़ें।</translation>
    </message>
    <message>
        <source>The appliance&apos;s clock can&apos;t be right.</source>
        <translation>अप्लायंस की घड़ी सही नहीं हो सकती।</translation>
    </message>
    <message>
        <source>Set it, as root on the appliance.</source>
        <translation>उसे अप्लायंस पर root के रूप में ठीक करें।</translation>
    </message>
    <message>
        <source>The disk of the appliance&apos;s state is filling up.</source>
        <translation>अप्लायंस की स्थिति वाली डिस्क भर रही है।</translation>
    </message>
    <message>
        <source>A socket is not there: nobody can connect to it.</source>
        <translation>एक सॉकेट नहीं है: उससे कोई कनेक्ट नहीं कर सकता।</translation>
    </message>
    <message>
        <source>Make the sockets again, as root on the appliance.</source>
        <translation>अप्लायंस पर root के रूप में सॉकेट फिर से बनाएँ।</translation>
    </message>
    <message>
        <source>A socket doesn&apos;t belong to its group: members can&apos;t connect.</source>
        <translation>एक सॉकेट अपने समूह का नहीं है: सदस्य कनेक्ट नहीं कर सकते।</translation>
    </message>
    <message>
        <source>A socket is open to every account of the appliance.</source>
        <translation>एक सॉकेट अप्लायंस के हर खाते के लिए खुला है।</translation>
    </message>
    <message>
        <source>A process runs without all of its sandbox.</source>
        <translation>एक प्रक्रिया अपने पूरे सैंडबॉक्स के बिना चल रही है।</translation>
    </message>
    <message>
        <source>Drop what was changed in its unit, then restart it.</source>
        <translation>उसकी यूनिट में किए गए बदलाव हटाएँ, फिर उसे रीस्टार्ट करें।</translation>
    </message>
    <message>
        <source>A crash could write prompts and keys to a disk.</source>
        <translation>क्रैश होने पर प्रॉम्प्ट और कुंजियाँ डिस्क पर लिखी जा सकती हैं।</translation>
    </message>
    <message>
        <source>Prompts and keys could be swapped out to a disk.</source>
        <translation>प्रॉम्प्ट और कुंजियाँ स्वैप होकर डिस्क पर जा सकती हैं।</translation>
    </message>
    <message>
        <source>Turn swap off, or encrypt it.</source>
        <translation>स्वैप बंद करें या उसे एन्क्रिप्ट करें।</translation>
    </message>
    <message>
        <source>An NVIDIA card has no driver: models are computed on the CPU.</source>
        <translation>एक NVIDIA कार्ड का ड्राइवर नहीं है: मॉडल CPU पर चलते हैं।</translation>
    </message>
    <message>
        <source>The NVIDIA driver is too old: models are computed on the CPU.</source>
        <translation>NVIDIA ड्राइवर बहुत पुराना है: मॉडल CPU पर चलते हैं।</translation>
    </message>
    <message>
        <source>Secure Boot keeps the NVIDIA driver out: models are computed on the CPU.</source>
        <translation>Secure Boot NVIDIA ड्राइवर को रोक रहा है: मॉडल CPU पर चलते हैं।</translation>
    </message>
</context>
<context>
    <name>tijori::FindingTable</name>
    <message>
        <source>note</source>
        <translation>सूचना</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>करना है</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>गड़बड़</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>कोड</translation>
    </message>
    <message>
        <source>What it means and what to do</source>
        <translation>क्या मतलब है और क्या करें</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>कब से</translation>
    </message>
</context>
<context>
    <name>tijori::FindingsPanel</name>
    <message>
        <source>wrong</source>
        <translation>ग़लत</translation>
    </message>
    <message>
        <source>to do</source>
        <translation>बाकी</translation>
    </message>
    <message>
        <source>note</source>
        <translation>सूचना</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>बाकी काम</translation>
    </message>
    <message>
        <source>Checked at %1 IST</source>
        <translation>%1 IST पर जाँचा</translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n चेतावनी</numerusform>
            <numerusform>%n चेतावनियाँ</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to do.</source>
        <translation>कुछ करना बाकी नहीं।</translation>
    </message>
    <message>
        <source>All %1 in Settings</source>
        <translation>सभी %1 सेटिंग्स में</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 खोलें</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
</context>
<context>
    <name>tijori::FindingsSection</name>
    <message>
        <source>Health findings</source>
        <translation>स्वास्थ्य जाँच</translation>
    </message>
    <message>
        <source>each with a code that keeps its meaning</source>
        <translation>हर एक का कोड, जिसका अर्थ नहीं बदलता</translation>
    </message>
    <message>
        <source>Asking %1</source>
        <translation>%1 से पूछा जा रहा है</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>कुछ करना बाकी नहीं</translation>
    </message>
    <message>
        <source>The appliance has no finding. Checked at %1 IST.</source>
        <translation>उपकरण में कोई चेतावनी नहीं है। %1 IST पर जाँचा गया।</translation>
    </message>
    <message>
        <source>Since %1</source>
        <translation>%1 से</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 खोलें</translation>
    </message>
</context>
<context>
    <name>tijori::FirstRunView</name>
    <message>
        <source>What was done so far can&apos;t be remembered.</source>
        <translation>अब तक का काम याद नहीं रखा जा सकता।</translation>
    </message>
    <message>
        <source>Set up an appliance</source>
        <translation>उपकरण सेट करें</translation>
    </message>
    <message>
        <source>Set up %1</source>
        <translation>%1 सेट करें</translation>
    </message>
    <message>
        <source>Leave set-up</source>
        <translation>सेट करना छोड़ें</translation>
    </message>
    <message>
        <source>Step %1 of %2. You can close this window and go on later; nothing is half made.</source>
        <translation>चरण %1, कुल %2। यह विंडो बंद करके बाद में जारी रख सकते हैं; कुछ आधा नहीं रहता।</translation>
    </message>
    <message>
        <source>Certificate authority made on this machine</source>
        <translation>इस मशीन पर CA बना</translation>
    </message>
    <message>
        <source>Your certificate made</source>
        <translation>आपका सर्टिफ़िकेट बना</translation>
    </message>
    <message>
        <source>The command was run on the appliance</source>
        <translation>उपकरण पर कमांड चलाई गई</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>कनेक्ट हुआ</translation>
    </message>
    <message>
        <source>Make the certificate authority, on this machine</source>
        <translation>इस मशीन पर CA बनाएँ</translation>
    </message>
    <message>
        <source>Make your certificate, on this machine</source>
        <translation>इस मशीन पर अपना सर्टिफ़िकेट बनाएँ</translation>
    </message>
    <message>
        <source>Run one command on the appliance, as root</source>
        <translation>उपकरण पर root के रूप में एक कमांड चलाएँ</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>कनेक्ट करें</translation>
    </message>
    <message>
        <source>The same from a shell:</source>
        <translation>शेल से यही:</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>नाम</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>कुंजी</translation>
    </message>
    <message>
        <source>EC P-256, held by your passphrase, never sent to an appliance</source>
        <translation>EC P-256, आपके पासफ़्रेज़ में बंद, किसी उपकरण को नहीं भेजी जाती</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>फ़ोल्डर</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>कब तक मान्य</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>भूमिकाएँ</translation>
    </message>
    <message>
        <source>File</source>
        <translation>फ़ाइल</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>मान्य</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 से %2 तक</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>फ़िंगरप्रिंट</translation>
    </message>
    <message>
        <source>compared, it matches</source>
        <translation>मिलाया गया, वही है</translation>
    </message>
    <message>
        <source>The CA says whose certificates are believed, at your site alone. Its key stays here, encrypted: an appliance never sees it. Keep the folder and the passphrase as you keep the keys of the safe.</source>
        <translation>CA बताता है कि किसके सर्टिफ़िकेट माने जाते हैं, केवल आपकी साइट पर। उसकी कुंजी यहीं एन्क्रिप्ट रहती है: उपकरण उसे कभी नहीं देखता। फ़ोल्डर और पासफ़्रेज़ को तिजोरी की चाबियों की तरह रखें।</translation>
    </message>
    <message>
        <source>Name of the appliance</source>
        <translation>उपकरण का नाम</translation>
    </message>
    <message>
        <source>Sahyadri Co-operative Bank, Tijori CA</source>
        <translation>सह्याद्री सहकारी बैंक, Tijori CA</translation>
    </message>
    <message>
        <source>Name of the CA: your organisation</source>
        <translation>CA का नाम: आपका संगठन</translation>
    </message>
    <message>
        <source>Folder of the CA</source>
        <translation>CA का फ़ोल्डर</translation>
    </message>
    <message>
        <source>New passphrase, at least 8 characters</source>
        <translation>नया पासफ़्रेज़, कम से कम 8 अक्षर</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>वही पासफ़्रेज़ फिर से</translation>
    </message>
    <message>
        <source>Make the CA</source>
        <translation>CA बनाएँ</translation>
    </message>
    <message>
        <source>There is a CA in this folder already: %1</source>
        <translation>इस फ़ोल्डर में पहले से CA है: %1</translation>
    </message>
    <message>
        <source>Valid until %1. It can be used for this appliance too.</source>
        <translation>%1 तक मान्य। इस उपकरण के लिए भी काम आ सकता है।</translation>
    </message>
    <message>
        <source>Use this CA</source>
        <translation>यही CA लें</translation>
    </message>
    <message>
        <source>Give the appliance a name.</source>
        <translation>उपकरण को नाम दें।</translation>
    </message>
    <message>
        <source>Small letters, digits, dots and dashes: it is shown here and in its certificate.</source>
        <translation>छोटे अंग्रेज़ी अक्षर, अंक, बिंदु और डैश: यह यहाँ और उसके सर्टिफ़िकेट में दिखता है।</translation>
    </message>
    <message>
        <source>Give the CA a name.</source>
        <translation>CA को नाम दें।</translation>
    </message>
    <message>
        <source>The name of your organisation does well.</source>
        <translation>आपके संगठन का नाम ठीक रहेगा।</translation>
    </message>
    <message>
        <source>The passphrase is too short.</source>
        <translation>पासफ़्रेज़ बहुत छोटा है।</translation>
    </message>
    <message>
        <source>It needs at least 8 characters; four words are good.</source>
        <translation>कम से कम 8 अक्षर चाहिए; चार शब्द अच्छे हैं।</translation>
    </message>
    <message>
        <source>The passphrase is too long.</source>
        <translation>पासफ़्रेज़ बहुत लंबा है।</translation>
    </message>
    <message>
        <source>1024 bytes are the most.</source>
        <translation>1024 बाइट से ज़्यादा नहीं।</translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>दोनों पासफ़्रेज़ अलग हैं।</translation>
    </message>
    <message>
        <source>Type the same one in both fields.</source>
        <translation>दोनों जगह एक ही लिखें।</translation>
    </message>
    <message>
        <source>Making the key</source>
        <translation>कुंजी बन रही है</translation>
    </message>
    <message>
        <source>It says who you are to the appliance. It lies in one file, encrypted with a passphrase of yours, which the console asks for whenever you connect.</source>
        <translation>यह उपकरण को बताता है कि आप कौन हैं। यह एक फ़ाइल में है, आपके पासफ़्रेज़ से एन्क्रिप्ट, जो कंसोल हर बार कनेक्ट करते समय पूछता है।</translation>
    </message>
    <message>
        <source>Your name in it</source>
        <translation>इसमें आपका नाम</translation>
    </message>
    <message>
        <source>Days it is valid</source>
        <translation>कितने दिन मान्य</translation>
    </message>
    <message>
        <source>The first administrator has to be an operator.</source>
        <translation>पहले प्रशासक को operator होना चाहिए।</translation>
    </message>
    <message>
        <source>Passphrase of the CA</source>
        <translation>CA का पासफ़्रेज़</translation>
    </message>
    <message>
        <source>New passphrase for your certificate</source>
        <translation>आपके सर्टिफ़िकेट का नया पासफ़्रेज़</translation>
    </message>
    <message>
        <source>%1 has a certificate of this CA already.</source>
        <translation>%1 के पास इस CA का सर्टिफ़िकेट पहले से है।</translation>
    </message>
    <message>
        <source>It is used for this appliance too; only the CA&apos;s passphrase is needed.</source>
        <translation>वही इस उपकरण के लिए भी चलेगा; केवल CA का पासफ़्रेज़ चाहिए।</translation>
    </message>
    <message>
        <source>Make the certificate</source>
        <translation>सर्टिफ़िकेट बनाएँ</translation>
    </message>
    <message>
        <source>Give yourself a name.</source>
        <translation>अपना नाम दें।</translation>
    </message>
    <message>
        <source>Small letters, digits, dots and dashes, as in anita.rao.</source>
        <translation>छोटे अंग्रेज़ी अक्षर, अंक, बिंदु और डैश, जैसे anita.rao।</translation>
    </message>
    <message>
        <source>The CA&apos;s passphrase is needed.</source>
        <translation>CA का पासफ़्रेज़ चाहिए।</translation>
    </message>
    <message>
        <source>It is the one you chose in the first step.</source>
        <translation>वही जो आपने पहले चरण में चुना था।</translation>
    </message>
    <message>
        <source>Making the certificate</source>
        <translation>सर्टिफ़िकेट बन रहा है</translation>
    </message>
    <message>
        <source>That is not the CA&apos;s passphrase.</source>
        <translation>यह CA का पासफ़्रेज़ नहीं है।</translation>
    </message>
    <message>
        <source>Type it again: capital and small letters count.</source>
        <translation>फिर लिखें: बड़े-छोटे अक्षरों का फ़र्क पड़ता है।</translation>
    </message>
    <message>
        <source>The folder can&apos;t be written to.</source>
        <translation>फ़ोल्डर में लिखा नहीं जा सकता।</translation>
    </message>
    <message>
        <source>It is there already.</source>
        <translation>यह पहले से वहाँ है।</translation>
    </message>
    <message>
        <source>It could not be made.</source>
        <translation>यह बन नहीं सका।</translation>
    </message>
    <message>
        <source>Carry the folder %1 to %2 on a USB stick and run this there. It works only while no administrator is registered, and it is written to the audit log.</source>
        <translation>फ़ोल्डर %1 को USB स्टिक पर %2 तक ले जाएँ और वहाँ यह चलाएँ। यह तभी चलता है जब कोई प्रशासक दर्ज न हो, और ऑडिट लॉग में लिखा जाता है।</translation>
    </message>
    <message>
        <source>Write to USB…</source>
        <translation>USB पर लिखें…</translation>
    </message>
    <message>
        <source>Where the folder is on the appliance</source>
        <translation>उपकरण पर फ़ोल्डर कहाँ है</translation>
    </message>
    <message>
        <source>none: an installed appliance</source>
        <translation>नहीं: इंस्टॉल किया हुआ उपकरण</translation>
    </message>
    <message>
        <source>tijorid&apos;s root folder, for a trial</source>
        <translation>tijorid का रूट फ़ोल्डर, आज़माने के लिए</translation>
    </message>
    <message>
        <source>Written to %1. Erase it from the stick afterwards: it holds the appliance&apos;s key.</source>
        <translation>%1 में लिखा गया। बाद में स्टिक से मिटा दें: इसमें उपकरण की कुंजी है।</translation>
    </message>
    <message>
        <source>The command prints a fingerprint. It must be this one, or somebody has changed the files:</source>
        <translation>कमांड एक फ़िंगरप्रिंट छापती है। वह यही होना चाहिए, नहीं तो किसी ने फ़ाइलें बदली हैं:</translation>
    </message>
    <message>
        <source>Fingerprint: %1</source>
        <translation>फ़िंगरप्रिंट: %1</translation>
    </message>
    <message>
        <source>It matches, go on</source>
        <translation>मिलता है, आगे बढ़ें</translation>
    </message>
    <message>
        <source>It differs</source>
        <translation>अलग है</translation>
    </message>
    <message>
        <source>Where to write the folder</source>
        <translation>फ़ोल्डर कहाँ लिखें</translation>
    </message>
    <message>
        <source>The folder could not be written.</source>
        <translation>फ़ोल्डर लिखा नहीं जा सका।</translation>
    </message>
    <message>
        <source>Then do not go on: the files were changed on the way.</source>
        <translation>तो आगे न बढ़ें: फ़ाइलें रास्ते में बदली गईं।</translation>
    </message>
    <message>
        <source>On the appliance: stop tijorid, delete its state and tls folders. Then write the folder to another stick and run the command again.</source>
        <translation>उपकरण पर: tijorid बंद करें, उसके state और tls फ़ोल्डर मिटाएँ। फिर फ़ोल्डर दूसरी स्टिक पर लिखें और कमांड दोबारा चलाएँ।</translation>
    </message>
    <message>
        <source>Start tijorid on the appliance if it isn&apos;t running. Then connect, here or through ssh.</source>
        <translation>उपकरण पर tijorid न चल रहा हो तो चालू करें। फिर यहाँ से या ssh से कनेक्ट करें।</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>यह मशीन</translation>
    </message>
    <message>
        <source>Through ssh</source>
        <translation>ssh से</translation>
    </message>
    <message>
        <source>How it is reached</source>
        <translation>कैसे पहुँचें</translation>
    </message>
    <message>
        <source>Account and machine, for ssh</source>
        <translation>खाता और मशीन, ssh के लिए</translation>
    </message>
    <message>
        <source>Admin socket</source>
        <translation>एडमिन सॉकेट</translation>
    </message>
    <message>
        <source>Passphrase of your certificate</source>
        <translation>आपके सर्टिफ़िकेट का पासफ़्रेज़</translation>
    </message>
    <message>
        <source>Open the tunnel first, in a terminal that stays open:</source>
        <translation>पहले टनल खोलें, ऐसे टर्मिनल में जो खुला रहे:</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>कनेक्ट हो रहा है</translation>
    </message>
</context>
<context>
    <name>tijori::FitWords</name>
    <message>
        <source>weights</source>
        <translation>वेट</translation>
    </message>
    <message>
        <source>KV</source>
        <translation>KV</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>कार्य-स्थान</translation>
    </message>
    <message>
        <source>Needs %1; what is free is not known</source>
        <translation>%1 चाहिए; कितना ख़ाली है, पता नहीं</translation>
    </message>
    <message>
        <source>Needs %1, free %2</source>
        <translation>%1 चाहिए, %2 ख़ाली</translation>
    </message>
    <message>
        <source>weights %1, KV %2, workspace %3</source>
        <translation>वेट %1, KV %2, कार्य-स्थान %3</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens × %n sequence(s)</source>
        <translation>
            <numerusform>%1 टोकन × %n क्रम</numerusform>
            <numerusform>%1 टोकन × %n क्रम</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, KV %2</source>
        <comment>context and sequences, type</comment>
        <translation>%1, KV %2</translation>
    </message>
    <message>
        <source>The nearest that fits: %1.</source>
        <translation>जो सबसे पास है और समाता है: %1।</translation>
    </message>
    <message>
        <source>No smaller choice fits: unload another model, or add memory.</source>
        <translation>इससे छोटा चुनाव भी नहीं समाता: कोई दूसरा मॉडल अनलोड करें या मेमोरी बढ़ाएँ।</translation>
    </message>
    <message>
        <source>%1 with %2 needs %3: %4. Free: %5. Nothing was allocated. %6</source>
        <translation>%1 को %2 के साथ %3 चाहिए: %4। ख़ाली: %5। कुछ भी आवंटित नहीं हुआ। %6</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>पता नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::GuardrailsScreen</name>
    <message>
        <source>Guardrails</source>
        <translation>गार्डरेल</translation>
    </message>
    <message>
        <source>Regression pack</source>
        <translation>रिग्रेशन पैक</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>अंतर</translation>
    </message>
    <message>
        <source>Editing needs the role guardrail-editor.</source>
        <translation>बदलने के लिए guardrail-editor भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>%1 was removed from the draft.</source>
        <translation>%1 ड्राफ़्ट से हटा।</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>सक्रिय</translation>
    </message>
    <message>
        <source>Asking %1 for its policies</source>
        <translation>%1 से नीतियाँ माँगी जा रही हैं</translation>
    </message>
    <message>
        <source>%1, active version %2 since %3</source>
        <translation>%1, सक्रिय संस्करण %2, %3 से</translation>
    </message>
    <message>
        <source>the first start</source>
        <translation>पहली शुरुआत</translation>
    </message>
    <message>
        <source>Active %1</source>
        <translation>सक्रिय %1</translation>
    </message>
    <message>
        <source>Draft %1</source>
        <translation>ड्राफ़्ट %1</translation>
    </message>
    <message>
        <source>by %1</source>
        <translation>%1 द्वारा</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>needs the role guardrail-editor</source>
        <translation>guardrail-editor भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Ask for the policies again</source>
        <translation>नीतियाँ फिर से माँगें</translation>
    </message>
    <message>
        <source>Run the bench</source>
        <translation>परख चलाएँ</translation>
    </message>
    <message>
        <source>Run the regression pack</source>
        <translation>रिग्रेशन पैक चलाएँ</translation>
    </message>
    <message>
        <source>Activate the draft that is open</source>
        <translation>खुला ड्राफ़्ट सक्रिय करें</translation>
    </message>
    <message>
        <source>there is no previous one</source>
        <translation>कोई पिछली नहीं है</translation>
    </message>
    <message>
        <source>choose a rule first</source>
        <translation>पहले कोई नियम चुनें</translation>
    </message>
    <message>
        <source>needs a role that reads policies</source>
        <translation>नीतियाँ पढ़ने वाली भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Show all versions…</source>
        <translation>सभी संस्करण दिखाएँ…</translation>
    </message>
    <message>
        <source>Show what differs…</source>
        <translation>अंतर दिखाएँ…</translation>
    </message>
    <message>
        <source>Add a rule…</source>
        <translation>नियम जोड़ें…</translation>
    </message>
    <message>
        <source>Edit the chosen rule in place</source>
        <translation>चुने हुए नियम को वहीं बदलें</translation>
    </message>
    <message>
        <source>Switch the chosen rule on or off</source>
        <translation>चुने हुए नियम को चालू या बंद करें</translation>
    </message>
    <message>
        <source>Remove the chosen rule</source>
        <translation>चुना हुआ नियम हटाएँ</translation>
    </message>
    <message>
        <source>Save the draft and ask for approval</source>
        <translation>ड्राफ़्ट सहेजें और मंज़ूरी माँगें</translation>
    </message>
    <message>
        <source>it is saved already</source>
        <translation>यह पहले से सहेजा हुआ है</translation>
    </message>
    <message>
        <source>Approve the draft that is open…</source>
        <translation>खुला ड्राफ़्ट मंज़ूर करें…</translation>
    </message>
    <message>
        <source>nothing here waits for approval</source>
        <translation>यहाँ मंज़ूरी के लिए कुछ नहीं है</translation>
    </message>
    <message>
        <source>save the draft first</source>
        <translation>पहले ड्राफ़्ट सहेजें</translation>
    </message>
    <message>
        <source>Roll back to the previous policy…</source>
        <translation>पिछली नीति पर लौटें…</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>खोलें</translation>
    </message>
    <message>
        <source>From %1 to what is open here.</source>
        <translation>%1 से यहाँ खुले दस्तावेज़ तक।</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>संस्करण</translation>
    </message>
    <message>
        <source>The bench needs a role that reads policies.</source>
        <translation>बेंच के लिए नीतियाँ पढ़ने वाली भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>%1 gave no answer: %2</source>
        <translation>%1 से उत्तर नहीं मिला: %2</translation>
    </message>
    <message>
        <source>What is shown was true at %1 IST. The draft is kept.</source>
        <translation>जो दिख रहा है वह %1 IST का है। ड्राफ़्ट सुरक्षित है।</translation>
    </message>
    <message>
        <source>no policy is active</source>
        <translation>कोई नीति सक्रिय नहीं है</translation>
    </message>
    <message>
        <source>No policy is stored</source>
        <translation>कोई नीति सहेजी नहीं है</translation>
    </message>
    <message>
        <source>Save one with: tijori guardrails save FILE</source>
        <translation>इससे सहेजें: tijori guardrails save FILE</translation>
    </message>
    <message>
        <source>The policy to compare with can&apos;t be read.</source>
        <translation>तुलना की नीति पढ़ी नहीं जा सकी।</translation>
    </message>
    <message>
        <source>The policy can&apos;t be read.</source>
        <translation>नीति पढ़ी नहीं जा सकी।</translation>
    </message>
    <message>
        <source>The draft that wasn&apos;t saved was left.</source>
        <translation>जो ड्राफ़्ट सहेजा नहीं था उसे छोड़ दिया गया।</translation>
    </message>
    <message>
        <source>no answer for the text</source>
        <translation>पाठ के लिए उत्तर नहीं</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>अभी सहेजा नहीं गया</translation>
    </message>
    <message numerus="yes">
        <source>%n rule(s) changed</source>
        <translation>
            <numerusform>%n नियम बदला</numerusform>
            <numerusform>%n नियम बदले</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 more rules aren&apos;t shown</source>
        <translation>%1 और नियम नहीं दिखाए गए</translation>
    </message>
    <message>
        <source>No request is answered: the guardrails are unavailable.</source>
        <translation>किसी अनुरोध का उत्तर नहीं दिया जा रहा: गार्डरेल उपलब्ध नहीं हैं।</translation>
    </message>
    <message>
        <source>%1 %2 waits for a second person.</source>
        <translation>%1 %2 को दूसरे व्यक्ति की मंज़ूरी की प्रतीक्षा है।</translation>
    </message>
    <message>
        <source>Written by %1, %2.</source>
        <translation>%1 ने लिखा, %2।</translation>
    </message>
</context>
<context>
    <name>tijori::HeaderStrip</name>
    <message>
        <source>Search or run a command</source>
        <translation>खोजें या कमांड चलाएँ</translation>
    </message>
    <message>
        <source>Search or run a command, Ctrl+K</source>
        <translation>खोजें या कमांड चलाएँ, Ctrl+K</translation>
    </message>
</context>
<context>
    <name>tijori::HeatMap</name>
    <message>
        <source>Expert load</source>
        <translation>विशेषज्ञों पर भार</translation>
    </message>
    <message>
        <source>, layer %1, expert %2: %3 tokens, %4</source>
        <translation>, परत %1, विशेषज्ञ %2: %3 टोकन, %4</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>परत</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>विशेषज्ञ</translation>
    </message>
    <message>
        <source>%1 even share</source>
        <translation>%1 समान हिस्सा</translation>
    </message>
    <message>
        <source>share of the layer&apos;s tokens, log scale</source>
        <translation>परत के टोकन में हिस्सा, लॉग पैमाना</translation>
    </message>
    <message>
        <source>share of the layer&apos;s tokens, linear scale</source>
        <translation>परत के टोकन में हिस्सा, रैखिक पैमाना</translation>
    </message>
    <message>
        <source>dot: over twice the even share</source>
        <translation>बिंदु: समान हिस्से के दोगुने से ज़्यादा</translation>
    </message>
</context>
<context>
    <name>tijori::HitHours</name>
    <message>
        <source>Rule</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Masked</source>
        <translation>मास्क</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>ब्लॉक</translation>
    </message>
    <message>
        <source>Noted</source>
        <translation>दर्ज</translation>
    </message>
    <message>
        <source>All</source>
        <translation>कुल</translation>
    </message>
</context>
<context>
    <name>tijori::HitsPanel</name>
    <message>
        <source>Hits by rule</source>
        <translation>नियम के हिसाब से हिट</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 घंटे</translation>
    </message>
    <message>
        <source>Busiest rules</source>
        <translation>सबसे व्यस्त नियम</translation>
    </message>
    <message>
        <source>requests an hour</source>
        <translation>अनुरोध प्रति घंटा</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>प्लॉट</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>तालिका</translation>
    </message>
    <message>
        <source>Hits as</source>
        <translation>हिट किस रूप में</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>%1 से</translation>
    </message>
    <message>
        <source>No rule has decided anything</source>
        <translation>किसी नियम ने अभी कुछ तय नहीं किया</translation>
    </message>
    <message>
        <source>Counts begin with the daemon; they are in memory alone.</source>
        <translation>गिनती डेमन के साथ शुरू होती है; वह केवल मेमोरी में रहती है।</translation>
    </message>
</context>
<context>
    <name>tijori::KeySheet</name>
    <message>
        <source>Keys</source>
        <translation>कुंजियाँ</translation>
    </message>
    <message>
        <source>Everywhere: Tab and Shift+Tab go on and back, arrows move in lists, Enter opens, Alt+Up and Alt+Down step through an open drawer.</source>
        <translation>हर जगह: Tab और Shift+Tab से आगे-पीछे, तीर से सूची में, Enter से खोलें, Alt+Up और Alt+Down से खुले दराज़ में अगला-पिछला।</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
</context>
<context>
    <name>tijori::LanguageSection</name>
    <message>
        <source>Language and numbers</source>
        <translation>भाषा और संख्याएँ</translation>
    </message>
    <message>
        <source>for this user on this computer</source>
        <translation>इस कंप्यूटर पर इस उपयोगकर्ता के लिए</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>डेस्कटॉप जैसा</translation>
    </message>
    <message>
        <source>Lakh and crore: 8,41,229</source>
        <translation>लाख और करोड़: 8,41,229</translation>
    </message>
    <message>
        <source>Thousands: 841,229</source>
        <translation>हज़ार: 841,229</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>भाषा</translation>
    </message>
    <message>
        <source>Of everything but names, codes and commands; shown at once.</source>
        <translation>नाम, कोड और कमांड छोड़कर सबकी; तुरंत दिखती है।</translation>
    </message>
    <message>
        <source>Large numbers</source>
        <translation>बड़ी संख्याएँ</translation>
    </message>
    <message>
        <source>How digits are grouped. Exports are never grouped.</source>
        <translation>अंकों के समूह कैसे बनें। एक्सपोर्ट में समूह नहीं बनते।</translation>
    </message>
</context>
<context>
    <name>tijori::LintLine</name>
    <message>
        <source>Go to rule</source>
        <translation>नियम पर जाएँ</translation>
    </message>
    <message>
        <source>Next finding</source>
        <translation>अगली टिप्पणी</translation>
    </message>
    <message>
        <source>Lint has nothing to say.</source>
        <translation>लिंट को कुछ नहीं मिला।</translation>
    </message>
    <message>
        <source>Go to line %1</source>
        <translation>पंक्ति %1 पर जाएँ</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 में से %1</translation>
    </message>
</context>
<context>
    <name>tijori::LoadDialog</name>
    <message>
        <source>Use the nearest that fits</source>
        <translation>सबसे पास वाला, जो समाता है, लें</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>लोड करें</translation>
    </message>
    <message>
        <source>Load a model</source>
        <translation>मॉडल लोड करें</translation>
    </message>
    <message>
        <source>Fit before load</source>
        <translation>लोड से पहले जगह</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>as configured</source>
        <translation>जैसा कॉन्फ़िगर है</translation>
    </message>
    <message>
        <source>Context of one sequence, tokens</source>
        <translation>एक क्रम का संदर्भ, टोकन</translation>
    </message>
    <message>
        <source>Sequences at once</source>
        <translation>एक साथ क्रम</translation>
    </message>
    <message>
        <source>KV type</source>
        <translation>KV प्रकार</translation>
    </message>
    <message>
        <source>Trained on %1 tokens of context</source>
        <translation>%1 टोकन के संदर्भ पर प्रशिक्षित</translation>
    </message>
    <message>
        <source>The appliance is asked whether it fits.</source>
        <translation>उपकरण से पूछा जा रहा है कि जगह है या नहीं।</translation>
    </message>
    <message>
        <source>The appliance gave no plan for this choice.</source>
        <translation>उपकरण ने इस चुनाव की योजना नहीं दी।</translation>
    </message>
    <message>
        <source>%1; red line: free</source>
        <translation>%1; लाल रेखा: ख़ाली</translation>
    </message>
    <message>
        <source>It fits. %1 stays free.</source>
        <translation>जगह है। %1 ख़ाली रहेगा।</translation>
    </message>
    <message>
        <source>It doesn&apos;t fit. %1</source>
        <translation>जगह नहीं है। %1</translation>
    </message>
    <message>
        <source>It fits, as far as can be known.</source>
        <translation>जहाँ तक पता चल सकता है, जगह है।</translation>
    </message>
    <message>
        <source>It doesn&apos;t fit.</source>
        <translation>जगह नहीं है।</translation>
    </message>
</context>
<context>
    <name>tijori::LoadWords</name>
    <message>
        <source>under 1 s</source>
        <translation>1 सेकंड से कम</translation>
    </message>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n सेकंड</numerusform>
            <numerusform>%n सेकंड</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking the file</source>
        <translation>फ़ाइल जाँची जा रही है</translation>
    </message>
    <message>
        <source>Reading the weights</source>
        <translation>वेट पढ़े जा रहे हैं</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>शुरू हो रहा है</translation>
    </message>
    <message>
        <source>%1 of %2 MiB</source>
        <translation>%2 MiB में से %1</translation>
    </message>
    <message>
        <source>%1 of %2 GiB</source>
        <translation>%2 GiB में से %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>amount, rate</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1, %2, %3 left</source>
        <comment>amount, rate, time</comment>
        <translation>%1, %2, %3 बाकी</translation>
    </message>
</context>
<context>
    <name>tijori::LoadedModelsPanel</name>
    <message>
        <source>serving</source>
        <translation>चालू</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>लोड हो रहा है</translation>
    </message>
    <message>
        <source>unloading</source>
        <translation>अनलोड हो रहा है</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>विफल</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>निष्क्रिय</translation>
    </message>
    <message>
        <source>%1, %2 of %3 sequences busy</source>
        <translation>%1, %3 में से %2 सीक्वेंस व्यस्त</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 में से %1</translation>
    </message>
    <message>
        <source>Loaded models</source>
        <translation>लोड किए गए मॉडल</translation>
    </message>
    <message>
        <source>No model is allowed yet. “tijori models add” on the appliance adds one.</source>
        <translation>अभी किसी मॉडल की अनुमति नहीं है। उपकरण पर “tijori models add” से जोड़ें।</translation>
    </message>
    <message>
        <source>default</source>
        <translation>डिफ़ॉल्ट</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>और %1</translation>
    </message>
</context>
<context>
    <name>tijori::LockSection</name>
    <message>
        <source>Lock</source>
        <translation>लॉक करें</translation>
    </message>
    <message>
        <source>for this user on this computer</source>
        <translation>इस कंप्यूटर पर इस उपयोगकर्ता के लिए</translation>
    </message>
    <message>
        <source>Lock when idle for</source>
        <translation>इतनी देर निष्क्रिय रहने पर लॉक करें</translation>
    </message>
    <message>
        <source>Then the passphrase of the certificate is asked again. Ctrl+L locks at once.</source>
        <translation>फिर सर्टिफ़िकेट का पासफ़्रेज़ दोबारा पूछा जाता है। Ctrl+L तुरंत लॉक करता है।</translation>
    </message>
    <message>
        <source> min</source>
        <translation> मिनट</translation>
    </message>
    <message>
        <source>never</source>
        <translation>कभी नहीं</translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n मिनट</numerusform>
            <numerusform>%n मिनट</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LockView</name>
    <message>
        <source>Give the passphrase of your certificate to go on.</source>
        <translation>आगे बढ़ने के लिए अपने सर्टिफ़िकेट का पासफ़्रेज़ दें।</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>पासफ़्रेज़</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>खोलें</translation>
    </message>
    <message>
        <source>Other appliance</source>
        <translation>दूसरा उपकरण</translation>
    </message>
    <message>
        <source>%1 is locked</source>
        <translation>%1 लॉक है</translation>
    </message>
    <message>
        <source>That is not the passphrase of this certificate.</source>
        <translation>यह इस सर्टिफ़िकेट का पासफ़्रेज़ नहीं है।</translation>
    </message>
    <message>
        <source>Your key has no passphrase: this only hides the window. What protects it is the lock of your desktop.</source>
        <translation>आपकी कुंजी का पासफ़्रेज़ नहीं है: यह केवल विंडो छिपाता है। असली सुरक्षा आपके डेस्कटॉप का लॉक है।</translation>
    </message>
    <message>
        <source>Reading the key</source>
        <translation>कुंजी पढ़ी जा रही है</translation>
    </message>
    <message>
        <source>The file holds another certificate now.</source>
        <translation>फ़ाइल में अब दूसरा सर्टिफ़िकेट है।</translation>
    </message>
    <message>
        <source>Choose Other appliance and connect anew.</source>
        <translation>“दूसरा उपकरण” चुनें और नए सिरे से कनेक्ट करें।</translation>
    </message>
    <message numerus="yes">
        <source>Wrong %n time(s): wait %1 s before the next try.</source>
        <translation>
            <numerusform>%n बार गलत: अगली कोशिश से पहले %1 सेकंड रुकें।</numerusform>
            <numerusform>%n बार गलत: अगली कोशिश से पहले %1 सेकंड रुकें।</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::LogPanel</name>
    <message>
        <source>verifying, %1</source>
        <translation>सत्यापन जारी, %1</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>सत्यापित</translation>
    </message>
    <message>
        <source>altered</source>
        <translation>बदलाव मिला</translation>
    </message>
    <message>
        <source>origin not proven</source>
        <translation>मूल सिद्ध नहीं</translation>
    </message>
    <message>
        <source>not proven</source>
        <translation>सिद्ध नहीं</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>अभी सत्यापित नहीं</translation>
    </message>
    <message>
        <source>not since the log’s process started</source>
        <translation>लॉग की प्रक्रिया शुरू होने के बाद नहीं</translation>
    </message>
    <message>
        <source>none: every record is signed</source>
        <translation>कोई नहीं: हर रिकॉर्ड हस्ताक्षरित है</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s)</source>
        <translation>
            <numerusform>%n रिकॉर्ड</numerusform>
            <numerusform>%n रिकॉर्ड</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, at most %2 old</source>
        <translation>%1, अधिकतम %2 पुराने</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>ऑडिट लॉग</translation>
    </message>
    <message>
        <source>The log’s process is away: nothing is answered until it is back.</source>
        <translation>लॉग की प्रक्रिया मौजूद नहीं है: उसके लौटने तक कोई उत्तर नहीं दिया जाएगा।</translation>
    </message>
    <message>
        <source>Head record</source>
        <translation>अंतिम रिकॉर्ड</translation>
    </message>
    <message>
        <source>Verified up to</source>
        <translation>यहाँ तक सत्यापित</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>जाँच</translation>
    </message>
    <message>
        <source>Unsigned tail</source>
        <translation>बिना हस्ताक्षर</translation>
    </message>
    <message>
        <source>no record yet</source>
        <translation>अभी कोई रिकॉर्ड नहीं</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>ज्ञात नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::MainWindow</name>
    <message>
        <source>Tijori</source>
        <translation>Tijori</translation>
    </message>
    <message>
        <source>Copied as a command.</source>
        <translation>कमांड कॉपी हुई।</translation>
    </message>
    <message>
        <source>Connecting to %1 …</source>
        <translation>%1 से कनेक्ट हो रहा है…</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
    <message>
        <source>Screens</source>
        <translation>स्क्रीन</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>कंसोल</translation>
    </message>
    <message>
        <source>Lock the console</source>
        <translation>कंसोल लॉक करें</translation>
    </message>
    <message>
        <source>Switch appliance</source>
        <translation>उपकरण बदलें</translation>
    </message>
    <message>
        <source>Show all keys</source>
        <translation>सभी कुंजियाँ दिखाएँ</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>कॉपी हुआ: %1</translation>
    </message>
    <message>
        <source>Search or run a command</source>
        <translation>खोजें या कमांड चलाएँ</translation>
    </message>
    <message>
        <source>Search this screen</source>
        <translation>इस स्क्रीन में खोजें</translation>
    </message>
    <message>
        <source>Ask the appliance again</source>
        <translation>उपकरण से फिर पूछें</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>पूर्ववत करें</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>पीछे जाएँ</translation>
    </message>
    <message>
        <source>Tried again in %1 s.</source>
        <translation>%1 सेकंड में फिर कोशिश होगी।</translation>
    </message>
    <message>
        <source>Being tried now.</source>
        <translation>अभी कोशिश हो रही है।</translation>
    </message>
    <message>
        <source>No answer since %1 IST. %2 %3</source>
        <translation>%1 IST से जवाब नहीं। %2 %3</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>सेटिंग्स खोलें</translation>
    </message>
    <message>
        <source>Close the console</source>
        <translation>कंसोल बंद करें</translation>
    </message>
    <message>
        <source>The audit log contradicts what was signed for. See where, and export it.</source>
        <translation>ऑडिट लॉग उससे मेल नहीं खाता जिस पर हस्ताक्षर हुए थे। कहाँ, यह देखें और लॉग एक्सपोर्ट करें।</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>ऑडिट लॉग</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 खोलें</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>क्या करें</translation>
    </message>
    <message>
        <source>needs the role %1</source>
        <translation>भूमिका %1 चाहिए</translation>
    </message>
</context>
<context>
    <name>tijori::MemoryWords</name>
    <message>
        <source>How much memory the machine has is not known.</source>
        <translation>मशीन में कितनी मेमोरी है, पता नहीं।</translation>
    </message>
    <message>
        <source>Memory of this machine: serving %1, loaded so far %2, reserved %3, other %4, free %5 of %6.</source>
        <translation>इस मशीन की मेमोरी: चालू %1, अब तक लोड %2, आरक्षित %3, अन्य %4, %6 में से ख़ाली %5।</translation>
    </message>
</context>
<context>
    <name>tijori::MinuteBars</name>
    <message>
        <source>Records over time</source>
        <translation>समय के साथ रिकॉर्ड</translation>
    </message>
    <message>
        <source>Records per %1</source>
        <translation>रिकॉर्ड प्रति %1</translation>
    </message>
    <message>
        <source>all</source>
        <translation>सभी</translation>
    </message>
    <message>
        <source>refused or blocked</source>
        <translation>अस्वीकृत या ब्लॉक</translation>
    </message>
    <message>
        <source>From %1 (%2): %3 records, %4 of them refused or blocked</source>
        <translation>%1 (%2) से: %3 रिकॉर्ड, उनमें %4 अस्वीकृत या ब्लॉक</translation>
    </message>
    <message>
        <source>Chosen: %1 to %2, %3 records</source>
        <translation>चुना गया: %1 से %2 तक, %3 रिकॉर्ड</translation>
    </message>
    <message numerus="yes">
        <source>%1 records in %n bar(s)</source>
        <translation>
            <numerusform>%n पट्टी में %1 रिकॉर्ड</numerusform>
            <numerusform>%n पट्टियों में %1 रिकॉर्ड</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::ModelDesk</name>
    <message>
        <source>It was unloaded while it was loading.</source>
        <translation>लोड होते समय ही इसे अनलोड कर दिया गया।</translation>
    </message>
</context>
<context>
    <name>tijori::ModelDrawerWords</name>
    <message>
        <source>attention</source>
        <translation>अटेंशन</translation>
    </message>
    <message>
        <source>router</source>
        <translation>राउटर</translation>
    </message>
    <message>
        <source>routed experts</source>
        <translation>राउटेड विशेषज्ञ</translation>
    </message>
    <message>
        <source>shared expert</source>
        <translation>साझा विशेषज्ञ</translation>
    </message>
    <message>
        <source>feed-forward</source>
        <translation>फ़ीड-फ़ॉरवर्ड</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>एम्बेडिंग</translation>
    </message>
    <message>
        <source>output</source>
        <translation>आउटपुट</translation>
    </message>
    <message>
        <source>norms</source>
        <translation>नॉर्म</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>भाग</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>प्रकार</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>टेंसर</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>आकार</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>आर्किटेक्चर</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>क़िस्म</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>पैरामीटर</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>परतें</translation>
    </message>
    <message>
        <source>%1, %2 with experts</source>
        <translation>%1, विशेषज्ञों वाली %2</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>विशेषज्ञ</translation>
    </message>
    <message>
        <source>none: a dense model</source>
        <translation>कोई नहीं: सघन मॉडल</translation>
    </message>
    <message>
        <source>%1, %2 for a token</source>
        <translation>%1, हर टोकन के लिए %2</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>अटेंशन</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>एम्बेडिंग</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>शब्दावली</translation>
    </message>
    <message>
        <source>Trained context</source>
        <translation>प्रशिक्षण का संदर्भ</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 टोकन</translation>
    </message>
    <message>
        <source>Attention chunk</source>
        <translation>अटेंशन खंड</translation>
    </message>
    <message>
        <source>Chat format</source>
        <translation>चैट प्रारूप</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>लाइसेंस</translation>
    </message>
    <message>
        <source>not said in the file</source>
        <translation>फ़ाइल में नहीं बताया गया</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>किस रूप में रखा है</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>मेमोरी</translation>
    </message>
    <message>
        <source>Memory it would take</source>
        <translation>इतनी मेमोरी लगेगी</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>वेट</translation>
    </message>
    <message>
        <source>KV</source>
        <translation>KV</translation>
    </message>
    <message>
        <source>%1, %2 in use</source>
        <translation>%1, %2 उपयोग में</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>कार्य-स्थान</translation>
    </message>
    <message>
        <source>Choice</source>
        <translation>चुनाव</translation>
    </message>
    <message>
        <source>In its process</source>
        <translation>इसकी प्रोसेस में</translation>
    </message>
    <message>
        <source>Computed by</source>
        <translation>गणना</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n thread(s)</source>
        <translation>
            <numerusform>%1, %n थ्रेड</numerusform>
            <numerusform>%1, %n थ्रेड</numerusform>
        </translation>
    </message>
    <message>
        <source>Process</source>
        <translation>प्रोसेस</translation>
    </message>
    <message>
        <source>%1, started again %2 ×</source>
        <translation>%1, %2 बार फिर शुरू हुई</translation>
    </message>
    <message>
        <source>File</source>
        <translation>फ़ाइल</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>नाम</translation>
    </message>
    <message>
        <source>Copy the digest</source>
        <translation>डाइजेस्ट कॉपी करें</translation>
    </message>
    <message>
        <source>Not known yet.</source>
        <translation>अभी पता नहीं।</translation>
    </message>
    <message>
        <source>Unload %1?</source>
        <translation>%1 अनलोड करें?</translation>
    </message>
    <message>
        <source>It can be loaded again with the same choice</source>
        <translation>इसी चुनाव के साथ फिर लोड किया जा सकता है</translation>
    </message>
    <message>
        <source>0 requests are running.</source>
        <translation>0 अनुरोध चल रहे हैं।</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) are running. They may finish within the time below, then they are cut.</source>
        <translation>
            <numerusform>%n अनुरोध चल रहा है। वह नीचे दिए समय में पूरा हो सकता है, उसके बाद काट दिया जाएगा।</numerusform>
            <numerusform>%n अनुरोध चल रहे हैं। वे नीचे दिए समय में पूरे हो सकते हैं, उसके बाद काट दिए जाएँगे।</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait and are refused.</source>
        <translation>
            <numerusform>%n अनुरोध प्रतीक्षा में है और अस्वीकृत होगा।</numerusform>
            <numerusform>%n अनुरोध प्रतीक्षा में हैं और अस्वीकृत होंगे।</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of memory become free; loading again reads %2.</source>
        <translation>%1 मेमोरी ख़ाली होगी; फिर लोड करने पर %2 पढ़ना होगा।</translation>
    </message>
    <message>
        <source>Seconds that running requests get:</source>
        <translation>चल रहे अनुरोधों को मिलने वाले सेकंड:</translation>
    </message>
    <message>
        <source>Seconds that running requests get</source>
        <translation>चल रहे अनुरोधों को मिलने वाले सेकंड</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>रहने दें</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>अनलोड करें</translation>
    </message>
    <message>
        <source>%1 heads of %2, KV %3</source>
        <translation>%2 के %1 हेड, KV %3</translation>
    </message>
    <message>
        <source>It is the default: requests that name no model then go to another loaded one, or are refused.</source>
        <translation>यह डिफ़ॉल्ट है: जो अनुरोध मॉडल का नाम नहीं देते, वे तब किसी दूसरे लोड हुए मॉडल के पास जाएँगे, या अस्वीकृत होंगे।</translation>
    </message>
</context>
<context>
    <name>tijori::ModelTable</name>
    <message>
        <source>%1 active of %2</source>
        <translation>%2 में से %1 सक्रिय</translation>
    </message>
    <message>
        <source>%1 dense</source>
        <translation>%1 सघन</translation>
    </message>
    <message>
        <source>default</source>
        <translation>डिफ़ॉल्ट</translation>
    </message>
    <message>
        <source>none</source>
        <comment>aliases</comment>
        <translation>कोई नहीं</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>निष्क्रिय</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>जगह नहीं है</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>शुरू हो रहा है</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>लोड हो रहा है</translation>
    </message>
    <message>
        <source>serving</source>
        <translation>चालू</translation>
    </message>
    <message>
        <source>unloading</source>
        <translation>अनलोड हो रहा है</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>विफल</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>पैरामीटर</translation>
    </message>
    <message>
        <source>Weights GiB</source>
        <translation>वेट GiB</translation>
    </message>
    <message>
        <source>Loaded GiB</source>
        <translation>लोड होने पर GiB</translation>
    </message>
    <message>
        <source>Context × sequences</source>
        <translation>संदर्भ × क्रम</translation>
    </message>
    <message>
        <source>Aliases</source>
        <translation>उपनाम</translation>
    </message>
</context>
<context>
    <name>tijori::ModelsPanel</name>
    <message>
        <source>Load…</source>
        <translation>लोड करें…</translation>
    </message>
    <message>
        <source>Plan…</source>
        <translation>योजना…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Unload…</source>
        <translation>अनलोड करें…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Memory of this machine</source>
        <translation>इस मशीन की मेमोरी</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>act: model</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>पता नहीं</translation>
    </message>
    <message>
        <source>serving %1</source>
        <translation>चालू %1</translation>
    </message>
    <message>
        <source>loaded so far %1</source>
        <translation>अब तक लोड %1</translation>
    </message>
    <message>
        <source>reserved %1</source>
        <translation>आरक्षित %1</translation>
    </message>
    <message>
        <source>other %1</source>
        <translation>अन्य %1</translation>
    </message>
    <message>
        <source>free %1 of %2 GiB</source>
        <translation>%2 GiB में से %1 ख़ाली</translation>
    </message>
</context>
<context>
    <name>tijori::ModelsScreen</name>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>लोड करें…</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>कॉपी किया गया: %1</translation>
    </message>
    <message>
        <source>Load the nearest</source>
        <translation>सबसे पास वाला लोड करें</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>model: what went wrong</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 is loaded and serves.</source>
        <translation>%1 लोड हो गया और चालू है।</translation>
    </message>
    <message>
        <source>%1 was unloaded.</source>
        <translation>%1 अनलोड हो गया।</translation>
    </message>
    <message>
        <source>Loading %1 was cancelled.</source>
        <translation>%1 का लोड रद्द हुआ।</translation>
    </message>
    <message>
        <source>Asking %1 for its models</source>
        <translation>%1 से मॉडल पूछे जा रहे हैं</translation>
    </message>
    <message>
        <source>This appliance loads its models when it starts.</source>
        <translation>यह उपकरण शुरू होते समय अपने मॉडल लोड करता है।</translation>
    </message>
    <message>
        <source>Loading a model needs the role operator.</source>
        <translation>मॉडल लोड करने के लिए operator भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>This appliance unloads its models when it stops.</source>
        <translation>यह उपकरण बंद होते समय अपने मॉडल अनलोड करता है।</translation>
    </message>
    <message>
        <source>Unloading a model needs the role operator.</source>
        <translation>मॉडल अनलोड करने के लिए operator भूमिका चाहिए।</translation>
    </message>
    <message>
        <source>%1 gave no answer: %2. What is shown was true at %3 IST.</source>
        <translation>%1 ने जवाब नहीं दिया: %2। जो दिख रहा है, वह %3 IST पर सही था।</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
    <message>
        <source>No models in the store</source>
        <translation>भंडार में कोई मॉडल नहीं</translation>
    </message>
    <message>
        <source>Copy a GGUF file to the appliance and add it there: %1</source>
        <translation>GGUF फ़ाइल उपकरण पर कॉपी करें और वहाँ जोड़ें: %1</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Every model is loaded already.</source>
        <translation>सभी मॉडल पहले से लोड हैं।</translation>
    </message>
    <message>
        <source>%1 in the store, %2 loaded</source>
        <translation>भंडार में %1, लोड %2</translation>
    </message>
    <message>
        <source>%1 in the store, %2 loaded, %3 loading</source>
        <translation>भंडार में %1, लोड %2, लोड हो रहे %3</translation>
    </message>
    <message>
        <source>This appliance doesn&apos;t count experts.</source>
        <translation>यह उपकरण विशेषज्ञों को नहीं गिनता।</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Export expert load</source>
        <translation>विशेषज्ञों का भार एक्सपोर्ट करें</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 लिखा नहीं जा सकता: %2</translation>
    </message>
    <message>
        <source>Written to %1.</source>
        <translation>%1 में लिखा गया।</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>choose a model first</source>
        <translation>पहले कोई मॉडल चुनें</translation>
    </message>
    <message>
        <source>Cancel loading %1</source>
        <translation>%1 का लोड रद्द करें</translation>
    </message>
    <message>
        <source>Unload %1…</source>
        <translation>%1 अनलोड करें…</translation>
    </message>
    <message>
        <source>it is being unloaded</source>
        <translation>अनलोड हो रहा है</translation>
    </message>
    <message>
        <source>Load %1…</source>
        <translation>%1 लोड करें…</translation>
    </message>
    <message>
        <source>Load a model…</source>
        <translation>मॉडल लोड करें…</translation>
    </message>
    <message>
        <source>Plan: does it fit?</source>
        <translation>योजना: जगह है या नहीं?</translation>
    </message>
    <message>
        <source>it is loaded already</source>
        <translation>पहले से लोड है</translation>
    </message>
    <message>
        <source>Details of the chosen model</source>
        <translation>चुने हुए मॉडल का विवरण</translation>
    </message>
    <message>
        <source>Export the expert load as CSV…</source>
        <translation>विशेषज्ञों का भार CSV में एक्सपोर्ट करें…</translation>
    </message>
    <message>
        <source>nothing was counted yet</source>
        <translation>अभी कुछ नहीं गिना गया</translation>
    </message>
</context>
<context>
    <name>tijori::NewApplicationDialog</name>
    <message>
        <source>Choose…</source>
        <translation>चुनें…</translation>
    </message>
    <message>
        <source>Choose %1</source>
        <translation>%1 चुनें</translation>
    </message>
    <message>
        <source>Issue and add</source>
        <translation>जारी करें और जोड़ें</translation>
    </message>
    <message>
        <source>New application</source>
        <translation>नया ऐप्लिकेशन</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>नाम</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>भूमिका</translation>
    </message>
    <message>
        <source>Days it is valid</source>
        <translation>कितने दिन मान्य</translation>
    </message>
    <message>
        <source>Authority&apos;s folder</source>
        <translation>CA का फ़ोल्डर</translation>
    </message>
    <message>
        <source>Passphrase of the authority&apos;s key</source>
        <translation>CA की कुंजी का पासफ़्रेज़</translation>
    </message>
    <message>
        <source>Its passphrase</source>
        <translation>उसका पासफ़्रेज़</translation>
    </message>
    <message>
        <source>Certificate request</source>
        <translation>सर्टिफ़िकेट अनुरोध</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>नया फ़ोल्डर</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Issuing</source>
        <translation>जारी हो रहा है</translation>
    </message>
    <message>
        <source>The certificate is in %1, but the appliance did not take it: %2</source>
        <translation>सर्टिफ़िकेट %1 में है, पर उपकरण ने उसे नहीं लिया: %2</translation>
    </message>
    <message>
        <source>What the test printed</source>
        <translation>जाँच ने क्या छापा</translation>
    </message>
    <message>
        <source>Run test asks the appliance one question as this application.</source>
        <translation>जाँच इस ऐप्लिकेशन के रूप में उपकरण से एक सवाल पूछती है।</translation>
    </message>
    <message>
        <source>Run test</source>
        <translation>जाँच चलाएँ</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Asking …</source>
        <translation>पूछा जा रहा है…</translation>
    </message>
    <message>
        <source>ask.sh could not be run: %1</source>
        <translation>ask.sh चलाया नहीं जा सका: %1</translation>
    </message>
    <message>
        <source>Issue from a certificate request</source>
        <translation>सर्टिफ़िकेट अनुरोध से जारी करें</translation>
    </message>
    <message>
        <source>Renew the certificate of %1</source>
        <translation>%1 का सर्टिफ़िकेट नवीनीकृत करें</translation>
    </message>
    <message>
        <source>Issue and renew</source>
        <translation>जारी और नवीनीकृत करें</translation>
    </message>
    <message>
        <source>1 Who it is for</source>
        <translation>1 किसके लिए</translation>
    </message>
    <message>
        <source>2 Who signs</source>
        <translation>2 कौन हस्ताक्षर करता है</translation>
    </message>
    <message>
        <source>3 Its folder</source>
        <translation>3 उसका फ़ोल्डर</translation>
    </message>
    <message>
        <source>It asks for</source>
        <translation>यह माँगता है</translation>
    </message>
    <message>
        <source>Will be signed</source>
        <translation>इस पर हस्ताक्षर होंगे</translation>
    </message>
    <message>
        <source>Signed on this machine, with the authority&apos;s key; the appliance only learns the certificate.</source>
        <translation>इसी मशीन पर CA की कुंजी से हस्ताक्षरित; उपकरण को केवल सर्टिफ़िकेट मिलता है।</translation>
    </message>
    <message>
        <source>Choose the file that the application&apos;s people sent.</source>
        <translation>वह फ़ाइल चुनें जो ऐप्लिकेशन के लोगों ने भेजी है।</translation>
    </message>
    <message>
        <source>%1 can&apos;t be read.</source>
        <translation>%1 पढ़ी नहीं जा सकती।</translation>
    </message>
    <message>
        <source>Subject: %1</source>
        <translation>विषय: %1</translation>
    </message>
    <message>
        <source>none</source>
        <translation>कोई नहीं</translation>
    </message>
    <message>
        <source>Key: %1, %2</source>
        <translation>कुंजी: %1, %2</translation>
    </message>
    <message>
        <source>Names: %1</source>
        <translation>नाम: %1</translation>
    </message>
    <message>
        <source>Further wishes: %1</source>
        <translation>और माँगें: %1</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>अभी कुछ नहीं।</translation>
    </message>
    <message>
        <source>Choose a certificate request first.</source>
        <translation>पहले सर्टिफ़िकेट अनुरोध चुनें।</translation>
    </message>
    <message>
        <source>no name yet</source>
        <translation>अभी नाम नहीं</translation>
    </message>
    <message>
        <source>Name: %1</source>
        <translation>नाम: %1</translation>
    </message>
    <message>
        <source>Role: %1</source>
        <translation>भूमिका: %1</translation>
    </message>
    <message>
        <source>Until: %1</source>
        <translation>कब तक: %1</translation>
    </message>
    <message>
        <source>Use: as a client of this appliance, nothing else</source>
        <translation>उपयोग: इस उपकरण के क्लाइंट के रूप में, और कुछ नहीं</translation>
    </message>
    <message>
        <source>What else it asks for is left out.</source>
        <translation>इसके अलावा जो माँगा है वह छोड़ दिया जाता है।</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>फ़ोल्डर</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>Its key, keep it secret</source>
        <translation>इसकी कुंजी, गुप्त रखें</translation>
    </message>
    <message>
        <source>The site&apos;s CA</source>
        <translation>साइट का CA</translation>
    </message>
    <message>
        <source>Programs to start from</source>
        <translation>शुरुआत के लिए प्रोग्राम</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>कब तक मान्य</translation>
    </message>
    <message>
        <source>The key is with those who made the request: they run ask.sh there.</source>
        <translation>कुंजी उनके पास है जिन्होंने अनुरोध बनाया: वे वहीं ask.sh चलाएँ।</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>फ़ोल्डर खोलें</translation>
    </message>
    <message>
        <source>It works.</source>
        <translation>यह काम करता है।</translation>
    </message>
    <message>
        <source>ask.sh ended with code %1.</source>
        <translation>ask.sh कोड %1 के साथ समाप्त हुआ।</translation>
    </message>
</context>
<context>
    <name>tijori::Numbers</name>
    <message>
        <source>not known</source>
        <translation>पता नहीं</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n मिनट</numerusform>
            <numerusform>%n मिनट</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n घंटा</numerusform>
            <numerusform>%n घंटे</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n दिन</numerusform>
            <numerusform>%n दिन</numerusform>
        </translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1 में</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>%1 पहले</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>अभी</translation>
    </message>
</context>
<context>
    <name>tijori::OverviewScreen</name>
    <message>
        <source>Overview</source>
        <translation>अवलोकन</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 मिनट</translation>
    </message>
    <message>
        <source>30 min</source>
        <translation>30 मिनट</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 घंटे</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 घंटे</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>दिखाया गया समय</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>एक्सपोर्ट करें</translation>
    </message>
    <message>
        <source>Values as CSV…</source>
        <translation>मान CSV में…</translation>
    </message>
    <message>
        <source>Plots as PNG…</source>
        <translation>ग्राफ़ PNG में…</translation>
    </message>
    <message>
        <source>Last %1</source>
        <translation>पिछले %1</translation>
    </message>
    <message>
        <source>Asking %1</source>
        <translation>%1 से पूछा जा रहा है</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>टोकन प्रति सेकंड</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>पहले टोकन तक समय</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>कतार</translation>
    </message>
    <message>
        <source>KV memory</source>
        <translation>KV मेमोरी</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>उत्तर</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>प्रतीक्षा में</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>खोलें</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 खोलें</translation>
    </message>
    <message>
        <source>Paused, %1 behind</source>
        <translation>रुका हुआ, %1 पीछे</translation>
    </message>
    <message>
        <source>%1 made since start</source>
        <translation>शुरू से %1 बने</translation>
    </message>
    <message>
        <source>s, p50</source>
        <translation>s, p50</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>अभी कोई उत्तर नहीं</translation>
    </message>
    <message>
        <source>p95 %1 s</source>
        <translation>p95 %1 s</translation>
    </message>
    <message>
        <source>since start</source>
        <translation>शुरू से</translation>
    </message>
    <message>
        <source>%1 refused, %2 failed</source>
        <translation>%1 अस्वीकृत, %2 विफल</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>जारी रखें</translation>
    </message>
    <message>
        <source>Save values</source>
        <translation>मान सहेजें</translation>
    </message>
    <message>
        <source>Values saved to %1.</source>
        <translation>मान %1 में सहेजे गए।</translation>
    </message>
    <message>
        <source>%1 could not be written: %2.</source>
        <translation>%1 लिखी नहीं जा सकी: %2।</translation>
    </message>
    <message>
        <source>Save plots</source>
        <translation>ग्राफ़ सहेजें</translation>
    </message>
    <message>
        <source>Plots saved to %1.</source>
        <translation>ग्राफ़ %1 में सहेजे गए।</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Go on with the plots</source>
        <translation>ग्राफ़ जारी रखें</translation>
    </message>
    <message>
        <source>Pause the plots</source>
        <translation>ग्राफ़ रोकें</translation>
    </message>
    <message>
        <source>Save the plots&apos; values as CSV…</source>
        <translation>ग्राफ़ के मान CSV में सहेजें…</translation>
    </message>
    <message>
        <source>Save the plots as PNG…</source>
        <translation>ग्राफ़ PNG में सहेजें…</translation>
    </message>
    <message>
        <source>Ask for the status again</source>
        <translation>स्थिति फिर से पूछें</translation>
    </message>
    <message>
        <source>The plots stand still; values are still collected</source>
        <translation>ग्राफ़ रुके रहते हैं; मान इकट्ठे होते रहते हैं</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Process memory</source>
        <translation>प्रोसेस मेमोरी</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>कॉपी किया गया: %1</translation>
    </message>
    <message>
        <source>%1 running of %2 sequences</source>
        <translation>%2 सीक्वेंस में से %1 चालू</translation>
    </message>
    <message>
        <source>nothing reserved</source>
        <translation>कुछ आरक्षित नहीं</translation>
    </message>
    <message>
        <source>of %1 reserved</source>
        <translation>आरक्षित %1 में से</translation>
    </message>
    <message>
        <source>the machine’s total is not known</source>
        <translation>मशीन की कुल मेमोरी ज्ञात नहीं</translation>
    </message>
    <message>
        <source>of %1 in this machine</source>
        <translation>इस मशीन के %1 में से</translation>
    </message>
    <message>
        <source>As of %1 IST, %2 ago</source>
        <translation>%1 IST की स्थिति, %2 पहले की</translation>
    </message>
    <message>
        <source>Since this console was opened</source>
        <translation>यह कंसोल खुलने के बाद से</translation>
    </message>
    <message>
        <source>The day before is not known: %1</source>
        <translation>पिछला दिन ज्ञात नहीं: %1</translation>
    </message>
    <message>
        <source>%1: overview</source>
        <translation>%1: अवलोकन</translation>
    </message>
    <message>
        <source>Show the last %1</source>
        <translation>पिछले %1 दिखाएँ</translation>
    </message>
    <message>
        <source>Show as table: %1</source>
        <translation>तालिका में दिखाएँ: %1</translation>
    </message>
</context>
<context>
    <name>tijori::PaletteSource</name>
    <message>
        <source>needs the role operator</source>
        <translation>operator भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Revoke %1…</source>
        <translation>%1 को निरस्त करें…</translation>
    </message>
    <message>
        <source>asks first, says what is lost</source>
        <translation>पहले पूछता है, बताता है कि क्या खोएगा</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>क्लाइंट</translation>
    </message>
    <message>
        <source>%1, revoked</source>
        <translation>%1, निरस्त</translation>
    </message>
    <message>
        <source>%1, expires %2</source>
        <translation>%1, %2 को समाप्त</translation>
    </message>
    <message>
        <source>%1, expired</source>
        <translation>%1, समाप्त</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>रिकॉर्ड</translation>
    </message>
    <message>
        <source>Record %1</source>
        <translation>रिकॉर्ड %1</translation>
    </message>
    <message>
        <source>needs the role auditor</source>
        <translation>auditor भूमिका चाहिए</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>%1 में से</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
</context>
<context>
    <name>tijori::PaletteView</name>
    <message>
        <source>Command palette</source>
        <translation>कमांड पैलेट</translation>
    </message>
    <message>
        <source>Search or run a command</source>
        <translation>खोजें या कमांड चलाएँ</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>कमांड</translation>
    </message>
    <message>
        <source>move</source>
        <translation>चलें</translation>
    </message>
    <message>
        <source>run</source>
        <translation>चलाएँ</translation>
    </message>
    <message>
        <source>copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>choose what</source>
        <translation>क्या, चुनें</translation>
    </message>
    <message>
        <source>close</source>
        <translation>बंद करें</translation>
    </message>
    <message numerus="yes">
        <source>%n result(s)</source>
        <translation>
            <numerusform>%n नतीजा</numerusform>
            <numerusform>%n नतीजे</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing has these words.</source>
        <translation>इन शब्दों का कुछ नहीं मिला।</translation>
    </message>
    <message>
        <source>no command line does this</source>
        <translation>इसका कोई कमांड नहीं है</translation>
    </message>
</context>
<context>
    <name>tijori::PassphraseEdit</name>
    <message>
        <source>Show it for 10 seconds (Alt+V)</source>
        <translation>10 सेकंड के लिए दिखाएँ (Alt+V)</translation>
    </message>
</context>
<context>
    <name>tijori::PathEdit</name>
    <message>
        <source>Browse… (Ctrl+O)</source>
        <translation>ब्राउज़ करें… (Ctrl+O)</translation>
    </message>
</context>
<context>
    <name>tijori::Plot</name>
    <message>
        <source>More for the plot %1</source>
        <translation>ग्राफ़ %1 के और विकल्प</translation>
    </message>
    <message>
        <source>Show as table, export</source>
        <translation>तालिका में दिखाएँ, एक्सपोर्ट करें</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>कोई मान नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::PlotGrid</name>
    <message>
        <source>Tokens per second</source>
        <translation>टोकन प्रति सेकंड</translation>
    </message>
    <message>
        <source>all sequences</source>
        <translation>कुल</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>पहले टोकन तक समय</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>सेकंड</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Queue and running</source>
        <translation>कतार और चालू</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>अनुरोध</translation>
    </message>
    <message>
        <source>running</source>
        <translation>चालू</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>प्रतीक्षा में</translation>
    </message>
    <message>
        <source>KV memory</source>
        <translation>KV मेमोरी</translation>
    </message>
    <message>
        <source>KV in use</source>
        <translation>KV उपयोग में</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>अभी कोई मान नहीं</translation>
    </message>
    <message>
        <source>Show as table</source>
        <translation>तालिका में दिखाएँ</translation>
    </message>
    <message>
        <source>Values as CSV…</source>
        <translation>मान CSV में…</translation>
    </message>
    <message>
        <source>Plots as PNG…</source>
        <translation>ग्राफ़ PNG में…</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>reserved %1</source>
        <translation>आरक्षित %1</translation>
    </message>
</context>
<context>
    <name>tijori::PlotSection</name>
    <message>
        <source>Plots and history</source>
        <translation>ग्राफ़ और इतिहास</translation>
    </message>
    <message>
        <source>of the Overview</source>
        <translation>अवलोकन के</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15 मिनट</translation>
    </message>
    <message>
        <source>30 min</source>
        <translation>30 मिनट</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 घंटे</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 घंटे</translation>
    </message>
    <message>
        <source>Time shown at first</source>
        <translation>शुरू में दिखने वाला समय</translation>
    </message>
    <message>
        <source>What the plots show when the console opens.</source>
        <translation>कंसोल खुलने पर ग्राफ़ कितना समय दिखाएँ।</translation>
    </message>
    <message>
        <source>Kept by the appliance</source>
        <translation>उपकरण में रखा गया</translation>
    </message>
    <message>
        <source>In its memory alone: a restart of the daemon begins anew. “tijori history” reads it too.</source>
        <translation>केवल उसकी मेमोरी में: डेमन के रीस्टार्ट पर नए सिरे से शुरू होता है। “tijori history” भी इसे पढ़ता है।</translation>
    </message>
    <message>
        <source>24 h, in steps of 10 s</source>
        <translation>24 घंटे, 10 s के अंतराल पर</translation>
    </message>
    <message>
        <source>Kept by this console</source>
        <translation>इस कंसोल में रखा गया</translation>
    </message>
    <message>
        <source>While it is open, beside what the appliance keeps.</source>
        <translation>जब तक यह खुला है, उपकरण के इतिहास के साथ।</translation>
    </message>
    <message>
        <source>24 h: every second of the last hour, then every 10 s</source>
        <translation>24 घंटे: पिछले घंटे का हर सेकंड, उससे पहले हर 10 s</translation>
    </message>
</context>
<context>
    <name>tijori::PlotTableDialog</name>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 to %2, %n row(s)</source>
        <translation>
            <numerusform>%1 से %2 तक, %n पंक्ति</numerusform>
            <numerusform>%1 से %2 तक, %n पंक्तियाँ</numerusform>
        </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyActs</name>
    <message>
        <source>Another policy became active since you looked.</source>
        <translation>आपके देखने के बाद दूसरी नीति सक्रिय हो गई।</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the difference from the one that is active now, then try again.</source>
        <translation>कुछ नहीं बदला गया। अब सक्रिय नीति से अंतर देखें, फिर दोबारा कोशिश करें।</translation>
    </message>
    <message>
        <source>The draft was not saved.</source>
        <translation>ड्राफ़्ट सहेजा नहीं गया।</translation>
    </message>
    <message>
        <source>Draft %1 was saved.</source>
        <translation>ड्राफ़्ट %1 सहेजा गया।</translation>
    </message>
    <message>
        <source>The regression pack was not run.</source>
        <translation>रिग्रेशन पैक नहीं चला।</translation>
    </message>
    <message>
        <source>Approve %1?</source>
        <translation>%1 मंज़ूर करें?</translation>
    </message>
    <message>
        <source>Written by %1, %2. What differs from %3, which is active:</source>
        <translation>%1 ने लिखा, %2। सक्रिय नीति %3 से अंतर:</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>मंज़ूर करें</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>अभी नहीं</translation>
    </message>
    <message>
        <source>The draft was not approved.</source>
        <translation>ड्राफ़्ट मंज़ूर नहीं हुआ।</translation>
    </message>
    <message>
        <source>The draft was approved.</source>
        <translation>ड्राफ़्ट मंज़ूर हुआ।</translation>
    </message>
    <message>
        <source>The draft was not activated.</source>
        <translation>ड्राफ़्ट सक्रिय नहीं हुआ।</translation>
    </message>
    <message>
        <source>Version %1 judges every request from now on.</source>
        <translation>अब से संस्करण %1 हर अनुरोध परखता है।</translation>
    </message>
    <message>
        <source>The previous version is active again.</source>
        <translation>पिछला संस्करण फिर से सक्रिय है।</translation>
    </message>
    <message>
        <source>Roll back to %1?</source>
        <translation>%1 पर लौटें?</translation>
    </message>
    <message>
        <source>%1 judges every request that begins from then on. %2, active now, is kept: rolling back again brings it back.</source>
        <translation>उसके बाद शुरू होने वाले हर अनुरोध को %1 परखेगी। अभी सक्रिय %2 रखी रहेगी: दोबारा लौटने पर वह वापस आती है।</translation>
    </message>
    <message>
        <source>What changes:</source>
        <translation>क्या बदलता है:</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>पिछले संस्करण पर लौटें</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>%1 रखें</translation>
    </message>
    <message>
        <source>Nothing was rolled back.</source>
        <translation>कुछ नहीं बदला गया।</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDesk</name>
    <message>
        <source>the document is larger than 8 MiB</source>
        <translation>दस्तावेज़ 8 MiB से बड़ा है</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDiffDialog</name>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>The difference is still being read.</source>
        <translation>अंतर अभी पढ़ा जा रहा है।</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDiffTable</name>
    <message>
        <source>in another order</source>
        <translation>दूसरे क्रम में</translation>
    </message>
    <message>
        <source>Nothing differs.</source>
        <translation>कोई अंतर नहीं है।</translation>
    </message>
    <message>
        <source>Rules added: %1, changed: %2, removed: %3</source>
        <translation>जुड़े नियम: %1, बदले: %2, हटे: %3</translation>
    </message>
    <message>
        <source>added</source>
        <translation>जुड़ा</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>हटा</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>बदला</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>दस्तावेज़</translation>
    </message>
    <message>
        <source>What</source>
        <translation>क्या</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>फ़ील्ड</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद में</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDiffView</name>
    <message>
        <source>Differences by rule</source>
        <translation>नियम के हिसाब से अंतर</translation>
    </message>
    <message>
        <source>Differences by line</source>
        <translation>पंक्ति के हिसाब से अंतर</translation>
    </message>
    <message>
        <source>By rule</source>
        <translation>नियम से</translation>
    </message>
    <message>
        <source>By line</source>
        <translation>पंक्ति से</translation>
    </message>
    <message>
        <source>%1. The first %2 fields are listed.</source>
        <translation>%1। पहले %2 फ़ील्ड दिखाए गए हैं।</translation>
    </message>
    <message>
        <source>%1 lines alike</source>
        <translation>%1 पंक्तियाँ एक जैसी</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyDraft</name>
    <message>
        <source>new</source>
        <translation>नया</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>बदला</translation>
    </message>
    <message>
        <source>open</source>
        <translation>खुला</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>बंद</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>डिटेक्टर</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>चरण</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Fail</source>
        <translation>विफलता पर</translation>
    </message>
    <message>
        <source>Hits 24 h</source>
        <translation>हिट, 24 घं</translation>
    </message>
    <message>
        <source>on</source>
        <translation>चालू</translation>
    </message>
    <message>
        <source>off</source>
        <translation>बंद</translation>
    </message>
    <message>
        <source>On. Space switches it off.</source>
        <translation>चालू। Space से बंद होता है।</translation>
    </message>
    <message>
        <source>Off: it isn&apos;t in the draft. Space brings it back.</source>
        <translation>बंद: यह ड्राफ़्ट में नहीं है। Space से वापस आता है।</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>हटा</translation>
    </message>
    <message>
        <source>Fails open: %1</source>
        <translation>विफल होने पर खुला: %1</translation>
    </message>
    <message>
        <source>Fails closed: what can&apos;t be judged is refused.</source>
        <translation>विफल होने पर बंद: जो परखा न जा सके वह अस्वीकार होता है।</translation>
    </message>
    <message>
        <source>On</source>
        <translation>चालू</translation>
    </message>
    <message>
        <source>The document is not whole JSON yet.</source>
        <translation>दस्तावेज़ अभी पूरा JSON नहीं है।</translation>
    </message>
    <message>
        <source>The document is not a JSON object.</source>
        <translation>दस्तावेज़ JSON ऑब्जेक्ट नहीं है।</translation>
    </message>
</context>
<context>
    <name>tijori::PolicyVersions</name>
    <message>
        <source>%1 %2, %3</source>
        <comment>policy version, state</comment>
        <translation>%1 %2, %3</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>नीति</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>लेखक</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>सहेजी गई</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>किसने मंज़ूर की</translation>
    </message>
    <message>
        <source>Last activated</source>
        <translation>पिछली बार सक्रिय</translation>
    </message>
    <message>
        <source>Digest</source>
        <translation>डाइजेस्ट</translation>
    </message>
</context>
<context>
    <name>tijori::Rail</name>
    <message>
        <source>Switch appliance</source>
        <translation>उपकरण बदलें</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>लॉक करें</translation>
    </message>
    <message>
        <source>Lock  Ctrl+L</source>
        <translation>लॉक करें  Ctrl+L</translation>
    </message>
    <message>
        <source>%1: switch appliance</source>
        <translation>%1: उपकरण बदलें</translation>
    </message>
    <message>
        <source>%1, %2. Lock  Ctrl+L</source>
        <comment>person, roles</comment>
        <translation>%1, %2। लॉक करें  Ctrl+L</translation>
    </message>
</context>
<context>
    <name>tijori::ReasonDialog</name>
    <message>
        <source>Fail open</source>
        <translation>विफल होने पर खुला रखें</translation>
    </message>
    <message>
        <source>Let text pass that %1 can&apos;t judge?</source>
        <translation>जिस पाठ को %1 परख न सके उसे जाने दें?</translation>
    </message>
    <message>
        <source>Each time is recorded, and it shows in the appliance&apos;s health.</source>
        <translation>हर बार दर्ज होता है, और अप्लायंस की स्थिति में दिखता है।</translation>
    </message>
    <message>
        <source>Reason, which the approver sees</source>
        <translation>कारण, जो मंज़ूर करने वाला देखता है</translation>
    </message>
    <message>
        <source>Keep it closed</source>
        <translation>बंद रहने दें</translation>
    </message>
    <message>
        <source>Write a reason first.</source>
        <translation>पहले कारण लिखें।</translation>
    </message>
</context>
<context>
    <name>tijori::RecordDetail</name>
    <message>
        <source>Code</source>
        <translation>कोड</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>कारण</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>संख्या</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>अवधि</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>संस्करण</translation>
    </message>
    <message>
        <source>Log&apos;s key</source>
        <translation>लॉग की कुंजी</translation>
    </message>
    <message>
        <source>Header before</source>
        <translation>पिछला हेडर</translation>
    </message>
    <message>
        <source>Heartbeat every</source>
        <translation>हार्टबीट हर</translation>
    </message>
    <message>
        <source>State</source>
        <translation>स्थिति</translation>
    </message>
    <message>
        <source>Unfinished</source>
        <translation>अधूरे</translation>
    </message>
    <message>
        <source>Clock before</source>
        <translation>पहले की घड़ी</translation>
    </message>
    <message>
        <source>Clock after</source>
        <translation>बाद की घड़ी</translation>
    </message>
    <message>
        <source>Endpoint</source>
        <translation>एंडपॉइंट</translation>
    </message>
    <message>
        <source>Request number</source>
        <translation>अनुरोध संख्या</translation>
    </message>
    <message>
        <source>Streamed</source>
        <translation>स्ट्रीम</translation>
    </message>
    <message>
        <source>Size of request</source>
        <translation>अनुरोध का आकार</translation>
    </message>
    <message>
        <source>HTTP status</source>
        <translation>HTTP स्थिति</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>समाप्ति का कारण</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>प्रॉम्प्ट टोकन</translation>
    </message>
    <message>
        <source>Answer tokens</source>
        <translation>उत्तर टोकन</translation>
    </message>
    <message>
        <source>From the cache</source>
        <translation>कैश से</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>चैट टेम्पलेट</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>पॉलिसी</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>प्रतीक्षा</translation>
    </message>
    <message>
        <source>Read the prompt</source>
        <translation>प्रॉम्प्ट पढ़ा</translation>
    </message>
    <message>
        <source>Wrote the answer</source>
        <translation>उत्तर लिखा</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>अवधि</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>भूमिकाएँ</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>सर्टिफ़िकेट</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>क्या किया गया</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>पहले</translation>
    </message>
    <message>
        <source>After</source>
        <translation>बाद में</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>मंज़ूरी दी</translation>
    </message>
    <message>
        <source>What was read</source>
        <translation>क्या पढ़ा गया</translation>
    </message>
    <message>
        <source>First record</source>
        <translation>पहला रिकॉर्ड</translation>
    </message>
    <message>
        <source>Last record</source>
        <translation>अंतिम रिकॉर्ड</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>किस पर चलता है</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>लाइसेंस</translation>
    </message>
    <message>
        <source>Signal</source>
        <translation>सिग्नल</translation>
    </message>
    <message>
        <source>Exit code</source>
        <translation>निकास कोड</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>कॉन्फ़िगरेशन</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>अनुरोध</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>अस्वीकृत</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>चरण</translation>
    </message>
    <message>
        <source>Strongest action</source>
        <translation>सबसे कड़ी कार्रवाई</translation>
    </message>
    <message>
        <source>First decision</source>
        <translation>पहला निर्णय</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>हाँ</translation>
    </message>
    <message>
        <source>no</source>
        <translation>नहीं</translation>
    </message>
    <message>
        <source>synchronised</source>
        <translation>सिंक है</translation>
    </message>
    <message>
        <source>keeps time by itself since the last synchronisation</source>
        <translation>पिछले सिंक के बाद से स्वयं समय रखती है</translation>
    </message>
    <message>
        <source>never synchronised</source>
        <translation>कभी सिंक नहीं हुई</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>ज्ञात नहीं</translation>
    </message>
    <message>
        <source>application</source>
        <translation>एप्लिकेशन</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>एडमिनिस्ट्रेटर</translation>
    </message>
    <message>
        <source>auditor</source>
        <translation>ऑडिटर</translation>
    </message>
    <message>
        <source>the appliance itself</source>
        <translation>अप्लायंस स्वयं</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ठीक</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>उत्तर दिया</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>अस्वीकृत</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>ब्लॉक किया</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>बीच में रुका</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>विफल</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n record(s)</source>
        <translation>
            <numerusform>%1, %n रिकॉर्ड</numerusform>
            <numerusform>%1, %n रिकॉर्ड</numerusform>
        </translation>
    </message>
    <message>
        <source>Time</source>
        <translation>समय</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>घड़ी</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>घटना</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>कर्ता</translation>
    </message>
    <message>
        <source>Actor&apos;s id</source>
        <translation>कर्ता की पहचान</translation>
    </message>
    <message>
        <source>User id</source>
        <translation>यूज़र आईडी</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>वस्तु</translation>
    </message>
    <message>
        <source>Object&apos;s digest</source>
        <translation>वस्तु का डाइजेस्ट</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>प्रयोजन</translation>
    </message>
    <message>
        <source>Basis</source>
        <translation>आधार</translation>
    </message>
    <message>
        <source>Data principal</source>
        <translation>डेटा प्रिंसिपल</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>अनुरोध</translation>
    </message>
    <message>
        <source>Approvals needed</source>
        <translation>आवश्यक मंज़ूरियाँ</translation>
    </message>
</context>
<context>
    <name>tijori::RecordDrawer</name>
    <message>
        <source>Record %1</source>
        <translation>रिकॉर्ड %1</translation>
    </message>
    <message>
        <source>Copy proof</source>
        <translation>प्रमाण कॉपी करें</translation>
    </message>
    <message>
        <source>There is no proof before the next checkpoint.</source>
        <translation>अगले चेकपॉइंट से पहले कोई प्रमाण नहीं है।</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Copied as a command.</source>
        <translation>कमांड कॉपी किया गया।</translation>
    </message>
    <message>
        <source>Decoded record</source>
        <translation>डिकोड किया हुआ रिकॉर्ड</translation>
    </message>
    <message>
        <source>What its event says</source>
        <translation>घटना का विवरण</translation>
    </message>
    <message>
        <source>A name from the register of today; the record holds an id or a digest.</source>
        <translation>नाम आज के रजिस्टर से; रिकॉर्ड में केवल पहचान या डाइजेस्ट है।</translation>
    </message>
    <message>
        <source>What the guardrails decided</source>
        <translation>गार्डरेल के निर्णय</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>मिला</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>कार्रवाई</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>बाइट</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>स्कोर</translation>
    </message>
    <message>
        <source>Place in the chain</source>
        <translation>शृंखला में स्थान</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>पिछला</translation>
    </message>
    <message>
        <source>This record</source>
        <translation>यह रिकॉर्ड</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>अगला</translation>
    </message>
    <message>
        <source>Signed checkpoint</source>
        <translation>हस्ताक्षरित चेकपॉइंट</translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation>%1 तक</translation>
    </message>
    <message>
        <source>Not signed yet</source>
        <translation>अभी हस्ताक्षरित नहीं</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>सेगमेंट</translation>
    </message>
    <message>
        <source>Chain value</source>
        <translation>शृंखला मान</translation>
    </message>
    <message>
        <source>Copy the leaf hash</source>
        <translation>लीफ़ हैश कॉपी करें</translation>
    </message>
    <message>
        <source>The leaf hash is on the clipboard.</source>
        <translation>लीफ़ हैश क्लिपबोर्ड पर है।</translation>
    </message>
    <message>
        <source>Leaf hash</source>
        <translation>लीफ़ हैश</translation>
    </message>
</context>
<context>
    <name>tijori::RuleDelegate</name>
    <message>
        <source>Action</source>
        <translation>कार्रवाई</translation>
    </message>
    <message>
        <source>Fail mode</source>
        <translation>विफल होने पर</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>बंद</translation>
    </message>
    <message>
        <source>open…</source>
        <translation>खुला…</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>चरण</translation>
    </message>
</context>
<context>
    <name>tijori::RuleDialog</name>
    <message>
        <source>Words</source>
        <translation>शब्द</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>पैटर्न</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>अंतर्निर्मित</translation>
    </message>
    <message>
        <source>Looks for</source>
        <translation>क्या खोजे</translation>
    </message>
    <message>
        <source>Not inside a longer word</source>
        <translation>किसी लंबे शब्द के भीतर नहीं</translation>
    </message>
    <message>
        <source>Let text pass when it can&apos;t be judged</source>
        <translation>परखा न जा सके तो पाठ जाने दें</translation>
    </message>
    <message>
        <source>Add rule</source>
        <translation>नियम जोड़ें</translation>
    </message>
    <message>
        <source>Change rule</source>
        <translation>नियम बदलें</translation>
    </message>
    <message>
        <source>Add a rule</source>
        <translation>नियम जोड़ें</translation>
    </message>
    <message>
        <source>Rule %1</source>
        <translation>नियम %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>डिटेक्टर</translation>
    </message>
    <message>
        <source>Score from</source>
        <translation>कम से कम स्कोर</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>आईडी</translation>
    </message>
    <message>
        <source>Label, as masks and records show it</source>
        <translation>लेबल, जैसा मास्क और रिकॉर्ड में दिखे</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>कार्रवाई</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>विवरण</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>चरण</translation>
    </message>
    <message>
        <source>Reason, which the approver sees</source>
        <translation>कारण, जो मंज़ूर करने वाला देखता है</translation>
    </message>
    <message numerus="yes">
        <source>%n word(s): edit them in the document</source>
        <translation>
            <numerusform>%n शब्द: दस्तावेज़ में बदलें</numerusform>
            <numerusform>%n शब्द: दस्तावेज़ में बदलें</numerusform>
        </translation>
    </message>
    <message>
        <source>Words or phrases, one on a line</source>
        <translation>शब्द या वाक्यांश, हर पंक्ति में एक</translation>
    </message>
    <message>
        <source>Patterns, one on a line</source>
        <translation>पैटर्न, हर पंक्ति में एक</translation>
    </message>
    <message>
        <source>Write why text may pass unjudged: the approver sees it.</source>
        <translation>लिखें कि पाठ बिना परखे क्यों जा सकता है: मंज़ूर करने वाला इसे देखता है।</translation>
    </message>
    <message>
        <source>Lint has nothing to say about this rule.</source>
        <translation>लिंट को इस नियम में कुछ नहीं मिला।</translation>
    </message>
    <message>
        <source>Lint finds an error in it.</source>
        <translation>लिंट को इसमें त्रुटि मिली।</translation>
    </message>
</context>
<context>
    <name>tijori::RuleForm</name>
    <message>
        <source>allow</source>
        <translation>जाने दें</translation>
    </message>
    <message>
        <source>annotate</source>
        <translation>दर्ज करें</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>मास्क करें</translation>
    </message>
    <message>
        <source>mask, last 4</source>
        <translation>मास्क, अंतिम 4</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>block</source>
        <translation>ब्लॉक करें</translation>
    </message>
    <message>
        <source>request</source>
        <translation>अनुरोध</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>प्रॉम्प्ट</translation>
    </message>
    <message>
        <source>output</source>
        <translation>उत्तर</translation>
    </message>
    <message>
        <source>whole output</source>
        <translation>पूरा उत्तर</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n literal(s)</source>
        <translation>
            <numerusform>%1, %n शब्द</numerusform>
            <numerusform>%1, %n शब्द</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n pattern(s)</source>
        <translation>
            <numerusform>%1, %n पैटर्न</numerusform>
            <numerusform>%1, %n पैटर्न</numerusform>
        </translation>
    </message>
    <message>
        <source>The id is 1 to 48 of a-z 0-9 _ . -, a letter or digit first.</source>
        <translation>आईडी में a-z 0-9 _ . - में से 1 से 48 अक्षर हों, पहला अक्षर या अंक हो।</translation>
    </message>
    <message>
        <source>%1 is the id of another rule.</source>
        <translation>%1 किसी दूसरे नियम की आईडी है।</translation>
    </message>
    <message>
        <source>Write the words to look for, one on a line.</source>
        <translation>खोजने के शब्द लिखें, हर पंक्ति में एक।</translation>
    </message>
    <message>
        <source>Write the pattern to look for, one on a line.</source>
        <translation>खोजने का पैटर्न लिखें, हर पंक्ति में एक।</translation>
    </message>
    <message>
        <source>The label is 1 to 32 of A-Z 0-9 _.</source>
        <translation>लेबल में A-Z 0-9 _ में से 1 से 32 अक्षर हों।</translation>
    </message>
    <message>
        <source>Choose at least one stage.</source>
        <translation>कम से कम एक चरण चुनें।</translation>
    </message>
</context>
<context>
    <name>tijori::RuleTable</name>
    <message>
        <source>Rules</source>
        <translation>नियम</translation>
    </message>
</context>
<context>
    <name>tijori::RulesPanel</name>
    <message>
        <source>Draft</source>
        <translation>ड्राफ़्ट</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>इससे तुलना</translation>
    </message>
    <message>
        <source>Add rule…</source>
        <translation>नियम जोड़ें…</translation>
    </message>
    <message>
        <source>Policy to open</source>
        <translation>खोलने की नीति</translation>
    </message>
    <message>
        <source>What the marks, the bench and the differences compare with</source>
        <translation>निशान, बेंच और अंतर किससे तुलना करते हैं</translation>
    </message>
    <message>
        <source>Remove the chosen rule  Delete</source>
        <translation>चुना हुआ नियम हटाएँ  Delete</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>नियम</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>दस्तावेज़</translation>
    </message>
    <message>
        <source>Rules or document</source>
        <translation>नियम या दस्तावेज़</translation>
    </message>
    <message>
        <source>Remove rule</source>
        <translation>नियम हटाएँ</translation>
    </message>
    <message>
        <source>Add rule</source>
        <translation>नियम जोड़ें</translation>
    </message>
</context>
<context>
    <name>tijori::Screen</name>
    <message>
        <source>%1 gave no answer to use</source>
        <translation>%1 से काम का जवाब नहीं मिला</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>अभी कोशिश करें</translation>
    </message>
</context>
<context>
    <name>tijori::ScreenPlans</name>
    <message>
        <source>Overview</source>
        <translation>अवलोकन</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>ऑडिट</translation>
    </message>
    <message>
        <source>Guardrails</source>
        <translation>गार्डरेल</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>क्लाइंट</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>मॉडल</translation>
    </message>
</context>
<context>
    <name>tijori::SectionList</name>
    <message numerus="yes">
        <source>%1, %n found</source>
        <translation>
            <numerusform>%1, %n मिला</numerusform>
            <numerusform>%1, %n मिले</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::SeriesTable</name>
    <message>
        <source>no values for %1</source>
        <translation>%1 तक कोई मान नहीं</translation>
    </message>
    <message>
        <source>no values for %1: %2</source>
        <translation>%1 तक कोई मान नहीं: %2</translation>
    </message>
    <message>
        <source>Time, IST</source>
        <translation>समय, IST</translation>
    </message>
    <message>
        <source>Time, UTC</source>
        <translation>समय, UTC</translation>
    </message>
</context>
<context>
    <name>tijori::SettingRow</name>
    <message>
        <source>Reset</source>
        <translation>रीसेट करें</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>%1 रीसेट करें</translation>
    </message>
</context>
<context>
    <name>tijori::SettingTable</name>
    <message>
        <source>not set</source>
        <translation>तय नहीं</translation>
    </message>
    <message>
        <source>default</source>
        <translation>पूर्व-निर्धारित</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>सेटिंग</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>मान</translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation>कहाँ से</translation>
    </message>
</context>
<context>
    <name>tijori::SettingsScreen</name>
    <message>
        <source>Settings</source>
        <translation>सेटिंग्स</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>सेटिंग्स खोजें</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) of %1</source>
        <translation>
            <numerusform>%1 की %n सेटिंग</numerusform>
            <numerusform>%1 की %n सेटिंग्स</numerusform>
        </translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Reload the appliance&apos;s configuration</source>
        <translation>उपकरण का कॉन्फ़िगरेशन फिर लोड करें</translation>
    </message>
    <message>
        <source>Ctrl+F; finds words in English and in Hindi</source>
        <translation>Ctrl+F; अंग्रेज़ी और हिन्दी दोनों में खोजता है</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>अनुभाग</translation>
    </message>
    <message>
        <source>Nothing fits “%1”</source>
        <translation>“%1” से कुछ नहीं मिला</translation>
    </message>
    <message>
        <source>Names, sentences and sections are searched, in English and in Hindi.</source>
        <translation>नाम, वाक्य और अनुभाग खोजे जाते हैं, अंग्रेज़ी और हिन्दी में।</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>खोज साफ़ करें</translation>
    </message>
</context>
<context>
    <name>tijori::SettingsSection</name>
    <message numerus="yes">
        <source>%n person(s)</source>
        <translation>
            <numerusform>%n व्यक्ति</numerusform>
            <numerusform>%n व्यक्ति</numerusform>
        </translation>
    </message>
    <message>
        <source>Default: %1. The value is this console’s.</source>
        <translation>डिफ़ॉल्ट: %1। यह मान इस कंसोल का है।</translation>
    </message>
    <message>
        <source>This is the default.</source>
        <translation>यही डिफ़ॉल्ट है।</translation>
    </message>
</context>
<context>
    <name>tijori::SpanView</name>
    <message>
        <source>The first %1 characters are shown.</source>
        <translation>पहले %1 अक्षर दिखाए गए हैं।</translation>
    </message>
</context>
<context>
    <name>tijori::StateView</name>
    <message>
        <source>This needs the role %1</source>
        <translation>इसके लिए %1 भूमिका चाहिए</translation>
    </message>
    <message>
        <source>You have: %1. An operator can grant it: issue a certificate with that role and add it to the register.</source>
        <translation>आपके पास: %1। operator दे सकता है: उस भूमिका का सर्टिफ़िकेट जारी करें और रजिस्टर में जोड़ें।</translation>
    </message>
    <message>
        <source>no role</source>
        <translation>कोई भूमिका नहीं</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>रद्द करें</translation>
    </message>
    <message>
        <source>%1, %2 s</source>
        <translation>%1, %2 s</translation>
    </message>
</context>
<context>
    <name>tijori::StatusHistory</name>
    <message>
        <source>daemon restart</source>
        <translation>डेमन रीस्टार्ट</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>कोई जवाब नहीं</translation>
    </message>
    <message>
        <source>engine restart</source>
        <translation>इंजन रीस्टार्ट</translation>
    </message>
    <message>
        <source>model unloaded</source>
        <translation>मॉडल अनलोड</translation>
    </message>
    <message>
        <source>no model loaded</source>
        <translation>कोई मॉडल लोड नहीं</translation>
    </message>
</context>
<context>
    <name>tijori::StepRow</name>
    <message>
        <source>Step %1, done</source>
        <translation>चरण %1, हो गया</translation>
    </message>
    <message>
        <source>Step %1, to do now</source>
        <translation>चरण %1, अभी करना है</translation>
    </message>
    <message>
        <source>Step %1, to come</source>
        <translation>चरण %1, आगे आएगा</translation>
    </message>
</context>
<context>
    <name>tijori::ToastBar</name>
    <message>
        <source>Undo</source>
        <translation>पूर्ववत करें</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>tijori::TryPane</name>
    <message>
        <source>Try it</source>
        <translation>आज़माएँ</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>पूछें</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>रोकें</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>कमांड कॉपी करें</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>सैंपलर</translation>
    </message>
    <message>
        <source>Temperature, top-p, longest answer</source>
        <translation>तापमान, top-p, सबसे लंबा उत्तर</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>मॉडल</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>उत्तर</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>तापमान</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>सबसे लंबा उत्तर</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>प्रश्न</translation>
    </message>
    <message>
        <source>Ask. Ctrl+Enter sends</source>
        <translation>पूछें। Ctrl+Enter से भेजें</translation>
    </message>
    <message>
        <source>Stop  Esc</source>
        <translation>रोकें  Esc</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>%1 के रूप में</translation>
    </message>
    <message>
        <source>No inference socket is known</source>
        <translation>इनफ़रेंस सॉकेट पता नहीं</translation>
    </message>
    <message>
        <source>Questions go to api.sock, not to admin.sock. Say where it is in the appliance&apos;s entry.</source>
        <translation>प्रश्न api.sock पर जाते हैं, admin.sock पर नहीं। उपकरण की प्रविष्टि में बताएँ कि वह कहाँ है।</translation>
    </message>
    <message>
        <source>temperature %1, at most %2 tokens</source>
        <translation>तापमान %1, अधिकतम %2 टोकन</translation>
    </message>
    <message>
        <source>temperature %1, top-p %2, at most %3 tokens</source>
        <translation>तापमान %1, top-p %2, अधिकतम %3 टोकन</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>रुक रहा है</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 टोकन/s</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>पहला टोकन %1</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%2 में से %1 टोकन</translation>
    </message>
    <message>
        <source>≈ %1 of %2 tokens</source>
        <translation>%2 में से ≈ %1 टोकन</translation>
    </message>
    <message>
        <source>Waiting for the first token</source>
        <translation>पहले टोकन की प्रतीक्षा</translation>
    </message>
    <message>
        <source>Records %1 and %2</source>
        <translation>रिकॉर्ड %1 और %2</translation>
    </message>
    <message>
        <source>Recorded as %1</source>
        <translation>रिकॉर्ड %1</translation>
    </message>
    <message>
        <source>Request %1</source>
        <translation>अनुरोध %1</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>कोई मॉडल लोड नहीं है।</translation>
    </message>
    <message>
        <source>Write a question first.</source>
        <translation>पहले प्रश्न लिखें।</translation>
    </message>
    <message>
        <source>needs the role application</source>
        <translation>application भूमिका चाहिए</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>काम</translation>
    </message>
    <message>
        <source>Ask the model</source>
        <translation>मॉडल से पूछें</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>उत्तर रोकें</translation>
    </message>
</context>
<context>
    <name>tijori::VerdictBand</name>
    <message>
        <source>Verify</source>
        <translation>सत्यापित करें</translation>
    </message>
    <message>
        <source>Records verified</source>
        <translation>सत्यापित रिकॉर्ड</translation>
    </message>
    <message>
        <source>Save the kept checkpoint…</source>
        <translation>सुरक्षित चेकपॉइंट सहेजें…</translation>
    </message>
    <message numerus="yes">
        <source>%n more alarm(s) of this console are older.</source>
        <translation>
            <numerusform>इस कंसोल की %n और चेतावनी पुरानी है।</numerusform>
            <numerusform>इस कंसोल की %n और चेतावनियाँ पुरानी हैं।</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tijori::VersionsDialog</name>
    <message>
        <source>Policies</source>
        <translation>नीतियाँ</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>खोलें</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>संस्करण</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>इससे तुलना</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>It is the same policy. Choose two.</source>
        <translation>यह वही नीति है। दो अलग नीतियाँ चुनें।</translation>
    </message>
</context>
</TS>
